/** What is dangerous, as data: the reviewed list, the facts it asks for, and the classes a call falls into. */
@NullMarked
package org.capitania.registry.risk;

import org.jspecify.annotations.NullMarked;

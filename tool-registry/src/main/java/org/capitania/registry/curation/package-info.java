/** Which agent may call which tool. */
@NullMarked
package org.capitania.registry.curation;

import org.jspecify.annotations.NullMarked;

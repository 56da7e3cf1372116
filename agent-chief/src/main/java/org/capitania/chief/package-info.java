/** The outward agent. */
@NullMarked
package org.capitania.chief;

import org.jspecify.annotations.NullMarked;

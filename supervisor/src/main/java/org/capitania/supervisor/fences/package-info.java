/** Tells the gateway which run may act. */
@NullMarked
package org.capitania.supervisor.fences;

import org.jspecify.annotations.NullMarked;

/** Tells the gateway which run may act, and asks it whether a model would answer. */
@NullMarked
package org.capitania.supervisor.fences;

import org.jspecify.annotations.NullMarked;

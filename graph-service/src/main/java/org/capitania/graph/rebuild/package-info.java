/** Proving that the graph follows from its events, and telling them again. */
@NullMarked
package org.capitania.graph.rebuild;

import org.jspecify.annotations.NullMarked;

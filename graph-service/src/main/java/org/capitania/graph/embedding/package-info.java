/** The vectors of nodes: what is still to be embedded, what has been, and by which model. */
@NullMarked
package org.capitania.graph.embedding;

import org.jspecify.annotations.NullMarked;

/** The property graph: nodes, edges, history. */
@NullMarked
package org.capitania.graph;

import org.jspecify.annotations.NullMarked;

/** Changing the graph: a batch is read, planned and validated, then applied whole or not at all. */
@NullMarked
package org.capitania.graph.mutation;

import org.jspecify.annotations.NullMarked;

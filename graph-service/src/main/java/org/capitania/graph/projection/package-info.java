/** What is asked for all day and costs a walk over the graph: kept as tables, refreshed by difference. */
@NullMarked
package org.capitania.graph.projection;

import org.jspecify.annotations.NullMarked;

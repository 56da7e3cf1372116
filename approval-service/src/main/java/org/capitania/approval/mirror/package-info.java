/** The node of each proposal and review in the graph, which follows it and is never asked about it. */
@NullMarked
package org.capitania.approval.mirror;

import org.jspecify.annotations.NullMarked;

/** Each proposal's node in the graph, which follows the proposal and is never asked about it. */
@NullMarked
package org.capitania.approval.mirror;

import org.jspecify.annotations.NullMarked;

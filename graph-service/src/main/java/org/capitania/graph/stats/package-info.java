/** How large a tenant's graph is, and how far its events are behind. */
@NullMarked
package org.capitania.graph.stats;

import org.jspecify.annotations.NullMarked;

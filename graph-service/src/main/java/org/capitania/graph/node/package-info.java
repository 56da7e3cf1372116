/** Reading nodes and their edges: as they are, as they were known, as they were true. */
@NullMarked
package org.capitania.graph.node;

import org.jspecify.annotations.NullMarked;

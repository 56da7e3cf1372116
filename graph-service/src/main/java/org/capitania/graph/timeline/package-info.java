/** What happened around a node. */
@NullMarked
package org.capitania.graph.timeline;

import org.jspecify.annotations.NullMarked;

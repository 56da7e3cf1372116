/** The graph as the gateway reads and writes it, always in the name of whoever calls. */
@NullMarked
package org.capitania.registry.graph;

import org.jspecify.annotations.NullMarked;

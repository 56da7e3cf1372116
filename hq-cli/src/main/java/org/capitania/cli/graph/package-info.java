/** Facts of the graph: described, searched, as they were at a time. */
@NullMarked
package org.capitania.cli.graph;

import org.jspecify.annotations.NullMarked;

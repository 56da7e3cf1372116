/** What is missing: the gap views. */
@NullMarked
package org.capitania.graph.gap;

import org.jspecify.annotations.NullMarked;

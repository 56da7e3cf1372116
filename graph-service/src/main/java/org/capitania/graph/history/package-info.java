/** Who changed what, when and why. */
@NullMarked
package org.capitania.graph.history;

import org.jspecify.annotations.NullMarked;

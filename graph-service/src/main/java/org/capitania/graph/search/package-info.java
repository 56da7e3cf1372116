/** Finding nodes by words and by names. */
@NullMarked
package org.capitania.graph.search;

import org.jspecify.annotations.NullMarked;

/** How long a company keeps its history, and taking away what it no longer keeps. */
@NullMarked
package org.capitania.graph.retention;

import org.jspecify.annotations.NullMarked;

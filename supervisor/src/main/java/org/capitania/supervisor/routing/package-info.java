/** Which event wakes whom, and why not. */
@NullMarked
package org.capitania.supervisor.routing;

import org.jspecify.annotations.NullMarked;

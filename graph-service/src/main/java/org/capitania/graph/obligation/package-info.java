/** When something is due: SLAs in hours or business hours, and recurrences. */
@NullMarked
package org.capitania.graph.obligation;

import org.jspecify.annotations.NullMarked;

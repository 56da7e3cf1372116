/** How much memory is left, as the container or the machine has it. */
@NullMarked
package org.capitania.supervisor.memory;

import org.jspecify.annotations.NullMarked;

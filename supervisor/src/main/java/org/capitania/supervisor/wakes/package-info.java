/** Tasks, wakes, runs and leases: from the first event to the end of the work. */
@NullMarked
package org.capitania.supervisor.wakes;

import org.jspecify.annotations.NullMarked;

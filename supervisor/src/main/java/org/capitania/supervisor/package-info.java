/** Routing, wakes, leases and the mailbox. */
@NullMarked
package org.capitania.supervisor;

import org.jspecify.annotations.NullMarked;

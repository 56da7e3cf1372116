/** Asks and sends between agents and from people. */
@NullMarked
package org.capitania.supervisor.mailbox;

import org.jspecify.annotations.NullMarked;

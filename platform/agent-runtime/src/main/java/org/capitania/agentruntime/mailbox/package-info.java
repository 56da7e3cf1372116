/** Questions of the other agent, answered beside the run in a short read-only session. */
@NullMarked
package org.capitania.agentruntime.mailbox;

import org.jspecify.annotations.NullMarked;

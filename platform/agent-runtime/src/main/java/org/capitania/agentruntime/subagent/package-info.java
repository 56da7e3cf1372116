/** Subagents: sessions inside an agent's own process, each started by a call of its agent's, with less than the agent has. */
@NullMarked
package org.capitania.agentruntime.subagent;

import org.jspecify.annotations.NullMarked;

/** The agent loop, its models and its sessions. */
@NullMarked
package org.capitania.agentruntime;

import org.jspecify.annotations.NullMarked;

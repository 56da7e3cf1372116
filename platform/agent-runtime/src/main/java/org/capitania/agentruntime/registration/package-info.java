/** How the supervisor and tool-registry come to know this agent, and readiness until they do. */
@NullMarked
package org.capitania.agentruntime.registration;

import org.jspecify.annotations.NullMarked;

/** Subagents at the gateway: who may be started, with which tools, and what their sessions may do. */
@NullMarked
package org.capitania.registry.subagents;

import org.jspecify.annotations.NullMarked;

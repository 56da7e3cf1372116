/** What an agent is: its markdown files, parsed and checked at start. */
@NullMarked
package org.capitania.agentruntime.workspace;

import org.jspecify.annotations.NullMarked;

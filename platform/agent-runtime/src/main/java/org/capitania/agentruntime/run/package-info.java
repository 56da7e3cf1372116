/** Wakes, claims, heartbeats and completions: how a run begins, is kept and ends. */
@NullMarked
package org.capitania.agentruntime.run;

import org.jspecify.annotations.NullMarked;

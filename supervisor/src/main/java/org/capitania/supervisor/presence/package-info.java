/** Warm, cooldown, cold, stopped, paused: seen, announced and measured. */
@NullMarked
package org.capitania.supervisor.presence;

import org.jspecify.annotations.NullMarked;

/** The agents' processes: stopped when there is nothing to do, and started when work waits, where something here can do that. */
@NullMarked
package org.capitania.supervisor.platform;

import org.jspecify.annotations.NullMarked;

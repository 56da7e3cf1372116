/** The agents' processes: started when work waits for one that is stopped, where something here can start it. */
@NullMarked
package org.capitania.supervisor.platform;

import org.jspecify.annotations.NullMarked;

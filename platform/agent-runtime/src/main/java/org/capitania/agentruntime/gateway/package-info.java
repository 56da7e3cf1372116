/** tool-registry over HTTP: the only way this process acts. */
@NullMarked
package org.capitania.agentruntime.gateway;

import org.jspecify.annotations.NullMarked;

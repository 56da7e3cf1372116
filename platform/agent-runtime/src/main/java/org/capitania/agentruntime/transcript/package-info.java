/** A session as the list of what happened in it, and the next step that follows from it. */
@NullMarked
package org.capitania.agentruntime.transcript;

import org.jspecify.annotations.NullMarked;

/** The agent loop: model, tools, sentinel, over and over, until the task is done. */
@NullMarked
package org.capitania.agentruntime.loop;

import org.jspecify.annotations.NullMarked;

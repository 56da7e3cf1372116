/** The rehearsal model: the agents' standard procedures, played without a language model. */
@NullMarked
package org.capitania.agentruntime.rehearsal;

import org.jspecify.annotations.NullMarked;

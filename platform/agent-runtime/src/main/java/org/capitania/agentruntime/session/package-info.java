/** The session store: every reply and every result, appended before the next step. */
@NullMarked
package org.capitania.agentruntime.session;

import org.jspecify.annotations.NullMarked;

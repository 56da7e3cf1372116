/** Proposals: their states, what people decide on them, and the doors through which both come. */
@NullMarked
package org.capitania.approval.proposal;

import org.jspecify.annotations.NullMarked;

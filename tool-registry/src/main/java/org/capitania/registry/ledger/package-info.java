/** The hash-chained record of every act, filled from the topics, and the traces read from the journal. */
@NullMarked
package org.capitania.registry.ledger;

import org.jspecify.annotations.NullMarked;

/** The transactional outbox: table, writer, relay, reconciliation. */
@NullMarked
package org.capitania.outbox;

import org.jspecify.annotations.NullMarked;

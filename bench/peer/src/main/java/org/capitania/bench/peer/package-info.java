/** What our relay is compared with, in a process of its own: Debezium's embedded engine with its outbox router. */
@NullMarked
package org.capitania.bench.peer;

import org.jspecify.annotations.NullMarked;

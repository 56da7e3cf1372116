/** PostgreSQL 17 with pgvector from its own binaries, durable, and the roles and schemas of the fleet in it. */
@NullMarked
package org.capitania.embedded.postgres;

import org.jspecify.annotations.NullMarked;

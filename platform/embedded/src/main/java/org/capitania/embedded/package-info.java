/** PostgreSQL, Kafka and the SMTP sink as local processes, for hq up and for tests. */
@NullMarked
package org.capitania.embedded;

import org.jspecify.annotations.NullMarked;

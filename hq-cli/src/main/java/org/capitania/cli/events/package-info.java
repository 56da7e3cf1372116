/** The event streams, read from Kafka. */
@NullMarked
package org.capitania.cli.events;

import org.jspecify.annotations.NullMarked;

/** One Kafka broker in this JVM, with the fleet's topics on it. */
@NullMarked
package org.capitania.embedded.kafka;

import org.jspecify.annotations.NullMarked;

/** The whole fleet, driven from outside: the launcher, HTTP, Kafka and files. */
@NullMarked
package org.capitania.e2e;

import org.jspecify.annotations.NullMarked;

/** Mail as the gateway sends it: composed here, threaded, with an id that follows from what it is. */
@NullMarked
package org.capitania.registry.mail;

import org.jspecify.annotations.NullMarked;

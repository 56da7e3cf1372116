/** The watchdog's own sign of life. */
@NullMarked
package org.capitania.watchdog.guards;

import org.jspecify.annotations.NullMarked;

/** The supervisor's own sign of life, and its eye on the watchdog. */
@NullMarked
package org.capitania.supervisor.guards;

import org.jspecify.annotations.NullMarked;

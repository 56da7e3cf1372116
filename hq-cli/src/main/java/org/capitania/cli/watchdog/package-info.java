/** What the watchdog sees. */
@NullMarked
package org.capitania.cli.watchdog;

import org.jspecify.annotations.NullMarked;

/** What was found, once for each check and subject while it lasts. */
@NullMarked
package org.capitania.watchdog.incidents;

import org.jspecify.annotations.NullMarked;

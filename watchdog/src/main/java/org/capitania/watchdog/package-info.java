/** Checks that use no model. */
@NullMarked
package org.capitania.watchdog;

import org.jspecify.annotations.NullMarked;

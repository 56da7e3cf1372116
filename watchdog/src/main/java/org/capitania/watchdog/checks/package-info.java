/** What is looked at, one small class each. */
@NullMarked
package org.capitania.watchdog.checks;

import org.jspecify.annotations.NullMarked;

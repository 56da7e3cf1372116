/** What the watchdog does about a finding: bounded for each item, never against a person's word. */
@NullMarked
package org.capitania.watchdog.remedies;

import org.jspecify.annotations.NullMarked;

/** {@code hq action}: what the tool catalogue has not of single acts. */
@NullMarked
package org.capitania.cli.action;

import org.jspecify.annotations.NullMarked;

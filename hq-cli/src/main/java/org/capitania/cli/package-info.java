/** The hq command. */
@NullMarked
package org.capitania.cli;

import org.jspecify.annotations.NullMarked;

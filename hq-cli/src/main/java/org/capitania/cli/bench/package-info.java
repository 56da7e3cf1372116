/** {@code hq bench}. */
@NullMarked
package org.capitania.cli.bench;

import org.jspecify.annotations.NullMarked;

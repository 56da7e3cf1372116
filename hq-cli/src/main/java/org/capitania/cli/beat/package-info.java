/** What happens by the clock. */
@NullMarked
package org.capitania.cli.beat;

import org.jspecify.annotations.NullMarked;

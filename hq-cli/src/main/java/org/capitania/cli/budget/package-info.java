/** What the agents may spend. */
@NullMarked
package org.capitania.cli.budget;

import org.jspecify.annotations.NullMarked;

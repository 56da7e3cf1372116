/** What an agent did in one task, in order. */
@NullMarked
package org.capitania.cli.trace;

import org.jspecify.annotations.NullMarked;

/** Processes that outlive the command that started them, and are never mistaken for another. */
@NullMarked
package org.capitania.cli.process;

import org.jspecify.annotations.NullMarked;

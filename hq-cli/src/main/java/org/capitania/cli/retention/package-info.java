/** How long the company keeps its history: seen, chosen, applied. */
@NullMarked
package org.capitania.cli.retention;

import org.jspecify.annotations.NullMarked;

/** What is missing. */
@NullMarked
package org.capitania.cli.gap;

import org.jspecify.annotations.NullMarked;

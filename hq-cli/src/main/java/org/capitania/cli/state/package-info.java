/** Proving the store. */
@NullMarked
package org.capitania.cli.state;

import org.jspecify.annotations.NullMarked;

/** Short-lived tokens for the principals of this machine. */
@NullMarked
package org.capitania.cli.token;

import org.jspecify.annotations.NullMarked;

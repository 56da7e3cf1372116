/** The console: what waits for a person, made on the server, readable without a script. */
@NullMarked
package org.capitania.approval.console;

import org.jspecify.annotations.NullMarked;

/** The launcher: starts, watches and stops the processes of the fleet on this machine. */
@NullMarked
package org.capitania.cli.fleet;

import org.jspecify.annotations.NullMarked;

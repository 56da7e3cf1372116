/** The directory of one fleet on this machine: its settings, its keys, and the record of where it runs. */
@NullMarked
package org.capitania.cli.home;

import org.jspecify.annotations.NullMarked;

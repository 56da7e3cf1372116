/** Programs that agents may run: named in a reviewed file with every argument they take, without a shell, in a clean environment. */
@NullMarked
package org.capitania.registry.shell;

import org.jspecify.annotations.NullMarked;

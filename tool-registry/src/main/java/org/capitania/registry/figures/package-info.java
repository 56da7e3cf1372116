/** How agents do, computed from graph and ledger. */
@NullMarked
package org.capitania.registry.figures;

import org.jspecify.annotations.NullMarked;

/** What this replica is. */
@NullMarked
package org.capitania.registry.process;

import org.jspecify.annotations.NullMarked;

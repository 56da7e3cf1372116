/** Writes of agents that are taken back. */
@NullMarked
package org.capitania.registry.rollback;

import org.jspecify.annotations.NullMarked;

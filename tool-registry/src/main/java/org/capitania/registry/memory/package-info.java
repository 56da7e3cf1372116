/** What agents remember, kept in order. */
@NullMarked
package org.capitania.registry.memory;

import org.jspecify.annotations.NullMarked;

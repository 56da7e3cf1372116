/** The inward agent. */
@NullMarked
package org.capitania.operator;

import org.jspecify.annotations.NullMarked;

/** The emergency stop: freezes of all autonomy, their end, and who is told. */
@NullMarked
package org.capitania.registry.autonomy;

import org.jspecify.annotations.NullMarked;

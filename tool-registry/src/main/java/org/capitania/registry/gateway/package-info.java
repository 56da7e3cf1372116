/** The one door to every act: the checks in order, the journal, and the recovery of calls in doubt. */
@NullMarked
package org.capitania.registry.gateway;

import org.jspecify.annotations.NullMarked;

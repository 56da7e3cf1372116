/** A session's beginning and end at the gateway. */
@NullMarked
package org.capitania.registry.sessions;

import org.jspecify.annotations.NullMarked;

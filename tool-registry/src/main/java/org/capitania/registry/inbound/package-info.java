/** Where events come in. */
@NullMarked
package org.capitania.registry.inbound;

import org.jspecify.annotations.NullMarked;

/** Questions to a person that the gateway asks by itself. */
@NullMarked
package org.capitania.registry.reviews;

import org.jspecify.annotations.NullMarked;

/** The catalogue in the forms that model providers and clients read. */
@NullMarked
package org.capitania.registry.export;

import org.jspecify.annotations.NullMarked;

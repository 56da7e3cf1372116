/** Files in this jar that are reviewed like code. */
@NullMarked
package org.capitania.registry.reviewed;

import org.jspecify.annotations.NullMarked;

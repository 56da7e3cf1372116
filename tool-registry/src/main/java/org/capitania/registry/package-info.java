/** The tool catalogue and the gateway every act passes. */
@NullMarked
package org.capitania.registry;

import org.jspecify.annotations.NullMarked;

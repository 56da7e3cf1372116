/** What may or may not have happened: it waits for a person who has looked. */
@NullMarked
package org.capitania.registry.doubt;

import org.jspecify.annotations.NullMarked;

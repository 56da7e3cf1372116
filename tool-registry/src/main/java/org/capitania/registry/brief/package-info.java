/** The owner's morning brief and the notes before meetings: the facts for them, computed without a model, and the memo that comes of them. */
@NullMarked
package org.capitania.registry.brief;

import org.jspecify.annotations.NullMarked;

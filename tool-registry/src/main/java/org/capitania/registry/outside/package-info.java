/** Tools of other people's servers: offered, looked at by the owner, pinned, and used only as they were pinned. */
@NullMarked
package org.capitania.registry.outside;

import org.jspecify.annotations.NullMarked;

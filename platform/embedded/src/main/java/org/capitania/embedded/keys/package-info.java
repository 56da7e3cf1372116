/** The key pairs of the principals, and tokens signed with them. */
@NullMarked
package org.capitania.embedded.keys;

import org.jspecify.annotations.NullMarked;

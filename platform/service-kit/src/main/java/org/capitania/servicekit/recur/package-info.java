/** Recurring times by lib-recur, for the two services that bring it with them. */
@NullMarked
package org.capitania.servicekit.recur;

import org.jspecify.annotations.NullMarked;

/** Wire types shared by the whole fleet; no framework in here. */
@NullMarked
package org.capitania.contract;

import org.jspecify.annotations.NullMarked;

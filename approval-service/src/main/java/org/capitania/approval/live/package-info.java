/** Tells open pages that something changed. */
@NullMarked
package org.capitania.approval.live;

import org.jspecify.annotations.NullMarked;

/** Questions that wait for a person and are no proposals. */
@NullMarked
package org.capitania.approval.review;

import org.jspecify.annotations.NullMarked;

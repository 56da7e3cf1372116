/** Proposals, decisions and the console. */
@NullMarked
package org.capitania.approval;

import org.jspecify.annotations.NullMarked;

/** Operator's night: records that are there twice, edges that cannot be right, and what two tasks wrote at once. */
@NullMarked
package org.capitania.registry.reconcile;

import org.jspecify.annotations.NullMarked;

/** What operator looks for at night: nodes that are there twice, and edges that cannot be right. It only reads. */
@NullMarked
package org.capitania.graph.reconcile;

import org.jspecify.annotations.NullMarked;

/** Stored due times: each fires once, also after downtime and with two replicas. */
@NullMarked
package org.capitania.graph.timer;

import org.jspecify.annotations.NullMarked;

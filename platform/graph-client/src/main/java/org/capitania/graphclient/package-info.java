/** Typed client of graph-service. */
@NullMarked
package org.capitania.graphclient;

import org.jspecify.annotations.NullMarked;

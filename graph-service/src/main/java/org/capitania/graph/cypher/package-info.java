/** Cypher over a tenant's graph, read only, where the database has Apache AGE. */
@NullMarked
package org.capitania.graph.cypher;

import org.jspecify.annotations.NullMarked;

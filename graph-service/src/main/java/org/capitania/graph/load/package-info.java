/** Loading files of nodes and edges, of any length: read as they come, held against the types as ordinary mutations are, written by COPY in chunks. */
@NullMarked
package org.capitania.graph.load;

import org.jspecify.annotations.NullMarked;

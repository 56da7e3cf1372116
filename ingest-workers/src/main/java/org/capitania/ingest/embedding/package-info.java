/** Keeps the vectors of the graph's texts up to date. */
@NullMarked
package org.capitania.ingest.embedding;

import org.jspecify.annotations.NullMarked;

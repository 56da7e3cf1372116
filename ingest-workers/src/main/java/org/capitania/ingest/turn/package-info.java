/** Keeps whose turn it is in each conversation. */
@NullMarked
package org.capitania.ingest.turn;

import org.jspecify.annotations.NullMarked;

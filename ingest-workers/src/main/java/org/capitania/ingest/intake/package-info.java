/** Takes a mail in: keeps it, links it into the graph, says what happened to it. */
@NullMarked
package org.capitania.ingest.intake;

import org.jspecify.annotations.NullMarked;

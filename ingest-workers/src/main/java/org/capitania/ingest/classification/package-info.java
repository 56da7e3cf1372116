/** Tells a person's mail from what must never be answered. */
@NullMarked
package org.capitania.ingest.classification;

import org.jspecify.annotations.NullMarked;

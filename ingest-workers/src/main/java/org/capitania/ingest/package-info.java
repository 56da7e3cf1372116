/** What comes in: mail first. */
@NullMarked
package org.capitania.ingest;

import org.jspecify.annotations.NullMarked;

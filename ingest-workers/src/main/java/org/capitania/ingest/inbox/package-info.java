/** A directory in which a file dropped is an email received. */
@NullMarked
package org.capitania.ingest.inbox;

import org.jspecify.annotations.NullMarked;

/** Reads any real-world RFC 5322 mail: never fails on a broken one, never holds an attachment in memory. */
@NullMarked
package org.capitania.ingest.mime;

import org.jspecify.annotations.NullMarked;

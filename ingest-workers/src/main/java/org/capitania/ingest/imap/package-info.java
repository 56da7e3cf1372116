/** The company's mailbox at its provider, read by IMAP. */
@NullMarked
package org.capitania.ingest.imap;

import org.jspecify.annotations.NullMarked;

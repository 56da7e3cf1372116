/** The workers of this service, what they do and how they are told to do it now. */
@NullMarked
package org.capitania.ingest.worker;

import org.jspecify.annotations.NullMarked;

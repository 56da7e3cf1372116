/** Vectors of texts, made by the process {@code hq-embed} that is started when one is wanted. */
@NullMarked
package org.capitania.embedding;

import org.jspecify.annotations.NullMarked;

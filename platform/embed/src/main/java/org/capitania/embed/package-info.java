/** The process {@code hq-embed}: vectors of texts, for the services on this machine, for as long as somebody wants some. */
@NullMarked
package org.capitania.embed;

import org.jspecify.annotations.NullMarked;

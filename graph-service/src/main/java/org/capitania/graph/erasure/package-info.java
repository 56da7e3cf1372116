/** Erasing a person's data, where history and topics keep everything for ever. */
@NullMarked
package org.capitania.graph.erasure;

import org.jspecify.annotations.NullMarked;

/** Node and edge types as data: what a fact may look like, and a precise refusal of what it may not. */
@NullMarked
package org.capitania.graph.types;

import org.jspecify.annotations.NullMarked;

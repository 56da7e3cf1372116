/** The tools: one file each, checked when loaded, published in every form a harness reads. */
@NullMarked
package org.capitania.registry.catalogue;

import org.jspecify.annotations.NullMarked;

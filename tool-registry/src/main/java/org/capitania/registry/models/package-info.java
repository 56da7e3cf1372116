/** The providers behind one door: reserve, pass through, settle. */
@NullMarked
package org.capitania.registry.models;

import org.jspecify.annotations.NullMarked;

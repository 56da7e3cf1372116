/** Calls that wait for a person: canonical arguments, cited facts, our own rendering. */
@NullMarked
package org.capitania.registry.freezing;

import org.jspecify.annotations.NullMarked;

/** Runs, their fencing tokens, what they have read, and the signs of life of their guardians. */
@NullMarked
package org.capitania.registry.runs;

import org.jspecify.annotations.NullMarked;

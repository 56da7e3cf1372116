/** Benchmarks: each measures what it is about and what it is compared with in turns, in one run. */
@NullMarked
package org.capitania.bench;

import org.jspecify.annotations.NullMarked;

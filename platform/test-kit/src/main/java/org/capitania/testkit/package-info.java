/** Embedded infrastructure and fakes for tests. */
@NullMarked
package org.capitania.testkit;

import org.jspecify.annotations.NullMarked;

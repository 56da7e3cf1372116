/** What makes a verb answer at once: classes that the JDK can keep linked in a cache, and the run that fills it. */
@NullMarked
package org.capitania.cli.training;

import org.jspecify.annotations.NullMarked;

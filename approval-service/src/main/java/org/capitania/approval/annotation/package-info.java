/** Grades that people give to single acts of an agent. */
@NullMarked
package org.capitania.approval.annotation;

import org.jspecify.annotations.NullMarked;

/** The questions that wait for a person. */
@NullMarked
package org.capitania.cli.review;

import org.jspecify.annotations.NullMarked;

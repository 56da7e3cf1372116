/** People whom the company knows, and what they may ask of it. */
@NullMarked
package org.capitania.cli.person;

import org.jspecify.annotations.NullMarked;

/** What people read: tables, ages, short ids, wrapped paragraphs, colour on a terminal. */
@NullMarked
package org.capitania.cli.text;

import org.jspecify.annotations.NullMarked;

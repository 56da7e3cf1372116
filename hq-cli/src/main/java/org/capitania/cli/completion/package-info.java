/** What a shell offers when a word is begun. */
@NullMarked
package org.capitania.cli.completion;

import org.jspecify.annotations.NullMarked;

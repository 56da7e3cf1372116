/** Whatever a person reads is plain language: whole sentences, names in place of ids, the reader's language. */
@NullMarked
package org.capitania.registry.plain;

import org.jspecify.annotations.NullMarked;

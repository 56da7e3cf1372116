/** Approved calls are carried out: claimed once, checked again, sent once, reported. */
@NullMarked
package org.capitania.registry.execution;

import org.jspecify.annotations.NullMarked;

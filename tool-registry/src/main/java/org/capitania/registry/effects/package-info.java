/** Acts outside the company, each at most once: INTENT, act, DONE, and the record of it. */
@NullMarked
package org.capitania.registry.effects;

import org.jspecify.annotations.NullMarked;

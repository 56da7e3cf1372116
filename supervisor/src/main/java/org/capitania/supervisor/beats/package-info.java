/** Beats: what happens by the clock, once a due time, in the company's time zone. */
@NullMarked
package org.capitania.supervisor.beats;

import org.jspecify.annotations.NullMarked;

/** The company's calendar: its events and the meetings that were held, on the clock of the company. */
@NullMarked
package org.capitania.registry.calendar;

import org.jspecify.annotations.NullMarked;

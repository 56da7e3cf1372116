/** The events: one record an event type. */
@NullMarked
package org.capitania.contract.event;

import org.jspecify.annotations.NullMarked;

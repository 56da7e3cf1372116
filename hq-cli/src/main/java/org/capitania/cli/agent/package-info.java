/** The agents: their state, pauses, and messages to them. */
@NullMarked
package org.capitania.cli.agent;

import org.jspecify.annotations.NullMarked;

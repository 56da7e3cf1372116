/** The agents of a tenant: who they are, what wakes them, whether a person has paused them. */
@NullMarked
package org.capitania.supervisor.roster;

import org.jspecify.annotations.NullMarked;

/** Words to the people of the company: the owner in the console, others by mail. */
@NullMarked
package org.capitania.registry.notify;

import org.jspecify.annotations.NullMarked;

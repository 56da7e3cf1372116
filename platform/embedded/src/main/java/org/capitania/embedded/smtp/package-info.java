/** The mail server of a fleet without one: what is sent to it becomes files. */
@NullMarked
package org.capitania.embedded.smtp;

import org.jspecify.annotations.NullMarked;

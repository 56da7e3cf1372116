/** What agents told the owner. */
@NullMarked
package org.capitania.cli.notification;

import org.jspecify.annotations.NullMarked;

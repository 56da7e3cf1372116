/** What agents told the owner, until a person resolves it. */
@NullMarked
package org.capitania.approval.notification;

import org.jspecify.annotations.NullMarked;

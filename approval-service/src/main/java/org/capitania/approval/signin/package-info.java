/** Signing in at the console: by a link that works once, remembered in a cookie. */
@NullMarked
package org.capitania.approval.signin;

import org.jspecify.annotations.NullMarked;

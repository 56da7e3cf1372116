/** Signed requests to the services, and what their failures mean to a person at a prompt. */
@NullMarked
package org.capitania.cli.call;

import org.jspecify.annotations.NullMarked;

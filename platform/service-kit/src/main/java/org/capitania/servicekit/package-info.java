/** What every service shares: tenant and actor context, transactions, tokens, problems, consumers. */
@NullMarked
package org.capitania.servicekit;

import org.jspecify.annotations.NullMarked;

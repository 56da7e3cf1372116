/** The messages of the HTTP APIs. */
@NullMarked
package org.capitania.contract.api;

import org.jspecify.annotations.NullMarked;

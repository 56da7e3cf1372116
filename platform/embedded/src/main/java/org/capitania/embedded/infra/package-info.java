/** The process that runs broker and mail sink beside PostgreSQL. */
@NullMarked
package org.capitania.embedded.infra;

import org.jspecify.annotations.NullMarked;

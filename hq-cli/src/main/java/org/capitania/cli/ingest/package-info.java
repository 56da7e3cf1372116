/** Mail handed in by hand. */
@NullMarked
package org.capitania.cli.ingest;

import org.jspecify.annotations.NullMarked;

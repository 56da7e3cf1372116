/** The Model Context Protocol for clients that start their server and speak to it by its standard streams. */
@NullMarked
package org.capitania.cli.mcp;

import org.jspecify.annotations.NullMarked;

/** The catalogue and the graph for outside clients that speak the Model Context Protocol; every call is a call of the gateway. */
@NullMarked
package org.capitania.registry.mcp;

import org.jspecify.annotations.NullMarked;

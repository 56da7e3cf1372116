/** What a tool's class has to be: the contract between the gateway and the handlers. */
@NullMarked
package org.capitania.registry.handler;

import org.jspecify.annotations.NullMarked;

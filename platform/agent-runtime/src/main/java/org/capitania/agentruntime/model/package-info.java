/** Language models behind one interface; each reached through tool-registry, none with a key of its own. */
@NullMarked
package org.capitania.agentruntime.model;

import org.jspecify.annotations.NullMarked;

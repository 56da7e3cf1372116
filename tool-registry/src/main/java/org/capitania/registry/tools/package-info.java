/** What each tool does, one class a tool. */
@NullMarked
package org.capitania.registry.tools;

import org.jspecify.annotations.NullMarked;

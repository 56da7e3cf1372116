/** The tool catalogue, and the verbs that come from it. */
@NullMarked
package org.capitania.cli.tool;

import org.jspecify.annotations.NullMarked;

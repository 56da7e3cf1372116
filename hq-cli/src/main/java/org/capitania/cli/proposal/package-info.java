/** What waits for the owner: listed, read, approved, edited, rejected. */
@NullMarked
package org.capitania.cli.proposal;

import org.jspecify.annotations.NullMarked;

/** The record of every act, and whether it is what was written. */
@NullMarked
package org.capitania.cli.ledger;

import org.jspecify.annotations.NullMarked;

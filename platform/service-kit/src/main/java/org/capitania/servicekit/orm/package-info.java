/** Transactions on Hibernate Reactive, for the two services that map ordinary rows to entities. */
@NullMarked
package org.capitania.servicekit.orm;

import org.jspecify.annotations.NullMarked;

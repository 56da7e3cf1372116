package org.capitania.servicekit;

import org.jspecify.annotations.Nullable;

/** What is done inside one transaction. */
@FunctionalInterface
public interface SqlWork<T extends @Nullable Object> {
    T run(Tx tx);
}

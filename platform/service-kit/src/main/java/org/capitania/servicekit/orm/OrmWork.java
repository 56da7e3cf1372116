package org.capitania.servicekit.orm;

import io.smallrye.mutiny.Uni;

/** What is done inside one Hibernate Reactive transaction; a failed {@link Uni} rolls it back. */
@FunctionalInterface
public interface OrmWork<T> {
    Uni<T> run(OrmTx tx);
}

package org.capitania.approval.mirror;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;

/** How far each node has followed. */
@ApplicationScoped
class MirrorStore {
    private final Orm orm;
    private final Clock clock;

    MirrorStore(Orm orm, Clock clock) {
        this.orm = orm;
        this.clock = clock;
    }

    /** The first ones whose row is ahead of its node; {@code which} asks for their ids. */
    List<UUID> ahead(Scope scope, String which, int most) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(which, UUID.class)
                        .setMaxResults(most)
                        .getResultList());
    }

    Optional<MirrorRow> find(Scope scope, UUID id) {
        return orm.tx(scope, tx -> tx.session().find(MirrorRow.class, id).map(Optional::ofNullable));
    }

    void save(Scope scope, UUID id, Consumer<MirrorRow> change) {
        orm.tx(
                scope,
                tx -> tx.session()
                        .find(MirrorRow.class, id)
                        .map(found -> found == null ? MirrorRow.of(id) : found)
                        .chain(row -> {
                            change.accept(row);
                            row.updatedAt = clock.instant();
                            return tx.session().persist(row);
                        }));
    }
}

package org.capitania.approval.proposal;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.capitania.servicekit.CommitListeners;
import org.capitania.servicekit.orm.Orm;
import org.hibernate.reactive.mutiny.Mutiny;

/** Makes the opener of transactions a bean of this service. */
@ApplicationScoped
class OrmProducer {
    @Produces
    @Singleton
    Orm orm(Mutiny.SessionFactory sessions, CommitListeners listeners) {
        return new Orm(sessions, listeners);
    }
}

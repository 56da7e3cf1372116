package org.capitania.outbox;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import org.capitania.testkit.TestPostgres;

/** Where the outbox under test is, for tests of its consumers. */
public record OutboxSchema(int port, String database, String role, String password) {
    public static OutboxSchema migrated() {
        OutboxUnderTest migrated = new OutboxUnderTest();
        TestPostgres postgres = migrated.postgres();
        return new OutboxSchema(
                postgres.port(),
                postgres.database(),
                OutboxUnderTest.SCHEMA,
                postgres.password(OutboxUnderTest.SCHEMA));
    }

    /** Connections of the service to it; to be closed. */
    public Pool pool(int connections) {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connections))
                .connectingTo(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setDatabase(database)
                        .setUser(role)
                        .setPassword(password))
                .using(Vertx.vertx())
                .build();
    }
}

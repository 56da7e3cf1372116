package org.capitania.outbox;

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
}

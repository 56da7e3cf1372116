package org.capitania.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.outbox.OutboxUnderTest.append;
import static org.capitania.outbox.OutboxUnderTest.asTenant;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the store itself refuses, whoever writes. */
class OutboxTableIT {
    private static OutboxUnderTest outbox;

    @BeforeAll
    static void migrate() {
        outbox = new OutboxUnderTest();
    }

    @Test
    void shouldRefuseToAppendWhenNoTenantIsSet() throws SQLException {
        try (Connection connection = outbox.service()) {
            assertThatThrownBy(() -> append(connection, "review.opened", "k", 1))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("hq.tenant is not set");
        }
    }

    @Test
    void shouldRefuseToAppendWhenTheTransactionOfTheTenantHasEnded() throws SQLException {
        try (Connection connection = outbox.service()) {
            asTenant(connection, "main");
            connection.commit();
            assertThatThrownBy(() -> append(connection, "review.opened", "k", 1))
                    .hasMessageContaining("hq.tenant is not set");
        }
    }

    @Test
    void shouldShowNothingOfAnotherTenant() throws SQLException {
        try (Connection connection = outbox.service()) {
            asTenant(connection, "main");
            append(connection, "review.resolved", "k", 1);
            connection.commit();
            asTenant(connection, "other");
            assertThat(count(connection, "SELECT count(*) FROM outbox WHERE topic = 'review.resolved'"))
                    .isZero();
        }
    }

    @Test
    void shouldRefuseAPayloadWhenItIsOver512KiB() throws SQLException {
        try (Connection connection = outbox.service();
                Statement statement = connection.createStatement()) {
            asTenant(connection, "main");
            assertThatThrownBy(() -> statement.execute(
                            "SELECT outbox_append('hq.review', 'review.opened', 'k', to_jsonb(repeat('x', 530000)))"))
                    .hasMessageContaining("outbox_payload_size");
        }
    }

    @Test
    void shouldRefuseToChangeWhatWasSaidWhenTheServiceTries() throws SQLException {
        for (String sql : new String[] {
            "UPDATE outbox SET payload = '{}'",
            "DELETE FROM outbox",
            "TRUNCATE outbox",
            "DELETE FROM inbox",
            "INSERT INTO outbox_parked (tenant_id, outbox_id, kafka_topic, error) VALUES ('main', 1, 'hq.x', '')",
            "DELETE FROM outbox_parked",
            "TRUNCATE inbox"
        }) {
            try (Connection connection = outbox.service();
                    Statement statement = connection.createStatement()) {
                asTenant(connection, "main");
                assertThatThrownBy(() -> statement.execute(sql)).as(sql).hasMessageContaining("permission denied");
            }
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}

package org.capitania.approval.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.event.FrozenCall;
import org.capitania.servicekit.Scope;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds whoever writes to the store, and what time does to proposals; the sweeper runs for real. */
@QuarkusTest
@TestProfile(SurvivalIT.Impatient.class)
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class SurvivalIT {
    /** Sweeps every 200 ms. */
    public static class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("hq.proposals.sweep-every", "200ms");
        }
    }

    @Inject
    Arrivals arrivals;

    @Inject
    ProposalQueries queries;

    private FakePeers peers;
    private FakeRegistry registry;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        registry = new FakeRegistry(peers);
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldExpireWhenNobodyDecidesOrCarriesOutInTime() throws SQLException {
        // Given
        UUID undecided = arrivals.arrive(frozen());
        UUID unused = arrivals.arrive(frozen());
        UUID young = arrivals.arrive(frozen());
        arrivals.approve(unused);
        // When
        as(
                "postgres",
                "UPDATE approval.proposals SET expires_at = now() - interval '1 second' WHERE id IN ('" + undecided
                        + "', '" + unused + "')");
        // Then
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(status(undecided)).isEqualTo(ProposalStatus.EXPIRED);
            assertThat(status(unused)).isEqualTo(ProposalStatus.EXPIRED);
        });
        assertThat(status(young)).isEqualTo(ProposalStatus.PENDING);
        assertThat(arrivals.events("proposal.expired", unused)).isEqualTo(1);
        assertThatThrownBy(() -> arrivals.claim(unused, "late"))
                .isInstanceOf(CapitaniaException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void shouldBeRefusedByTheStoreWhenAnythingBreaksTheChart() throws SQLException {
        // Given
        UUID id = arrivals.arrive(frozen());
        arrivals.approve(id);
        String row = " WHERE id = '" + id + "'";
        // Then: not even a superuser's statement
        assertRefused("postgres", "UPDATE approval.proposals SET status = 'executed'" + row);
        assertRefused(
                "postgres",
                "UPDATE approval.proposals SET status = 'pending', decided_by = NULL, decided_at = NULL" + row);
        assertRefused("postgres", "UPDATE approval.proposals SET decided_by = 'agent:chief'" + row);
        assertRefused("postgres", "UPDATE approval.proposals SET revision = 9, digest = 'other'" + row);
        // And: the service's own role changes no decision, and sees nothing without a tenant
        assertRefused("approval", "UPDATE approval.decisions SET decided_by = 'user:mallory'");
        assertRefused("approval", "DELETE FROM approval.decisions");
        assertRefused("approval", "TRUNCATE approval.decisions");
        assertRefused("approval", "DELETE FROM approval.steps");
        assertRefused("approval", "UPDATE approval.revisions SET digest = 'other'");
        assertRefused("approval", "DELETE FROM approval.proposals");
        assertRefused("approval", "SELECT count(*) FROM approval.proposals");
    }

    @Test
    void shouldGoOnWhereItWasWhenTheServiceStartsAgain() throws SQLException {
        // The service started again for this profile; whatever earlier classes left waiting in the same store is still
        // decidable.
        UUID id = arrivals.arrive(frozen());
        for (var left : queries.list(
                Scope.of("main", "user:owner", null), java.util.List.of(ProposalStatus.APPROVED), null, 3, null)) {
            arrivals.claim(UUID.fromString(left.id()), "after-restart");
            assertThat(status(UUID.fromString(left.id()))).isEqualTo(ProposalStatus.EXECUTING);
        }
        arrivals.announce("main", registry.freeze(Frozen.reply(id)));
        arrivals.approve(id);
        assertThat(status(id)).isEqualTo(ProposalStatus.APPROVED);
    }

    private FrozenCall frozen() {
        return registry.freeze(Frozen.reply(UUID.randomUUID()));
    }

    private ProposalStatus status(UUID id) {
        return queries.one(Scope.of("main", "user:owner", null), id).status();
    }

    private static void assertRefused(String role, String sql) {
        assertThatThrownBy(() -> as(role, sql)).as(sql).isInstanceOf(SQLException.class);
    }

    private static void as(String role, String sql) throws SQLException {
        TestPostgres postgres = TestPostgres.shared();
        try (Connection connection = role.equals("postgres") ? postgres.connect() : postgres.connectAs(role);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package org.capitania.registry.brief;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.registry.OwnCompany.ZONE;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.NotificationView;
import org.capitania.contract.event.BeatFired;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.FakeNotices;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.OwnCompany;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.Events;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A morning without news: no agent is woken, and what still waits is said by rule. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class QuietBriefIT extends AmongPeers {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    Sql sql;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private FakeNotices console;
    private int mornings;

    @BeforeEach
    void play() {
        OwnCompany.in(graph, ZONE);
        console = new FakeNotices(peers);
        peers.on("GET", "/v1/reviews", r -> Map.of("items", List.of()));
        gaps(new Gap.Summary("stale", "Stale", "operator", 3, "nice", now, 60L));
    }

    private void gaps(Gap.Summary... gaps) {
        peers.on("GET", "/v1/gaps", r -> new Gap.Summaries(List.of(gaps), now));
    }

    /** The beat comes, and is done with. */
    private void morning() {
        mornings++;
        Instant due = now.minusSeconds(mornings);
        Events.publish(BeatFired.TYPE, "quiet_brief", new BeatFired("quiet_brief", null, due, 0, ZONE.getId()));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> peers.requests("GET", "/v1/gaps").size() >= mornings
                        && sql.read(SCOPE, tx -> tx.one("SELECT 1 AS one FROM quiet_mornings LIMIT 1"))
                                .isEmpty());
    }

    @Test
    void shouldTellOnceADayWhatStillWaits() {
        peers.on(
                "GET",
                "/v1/proposals",
                r -> Map.of(
                        "items",
                        List.of(Map.of(
                                "id",
                                "p-1",
                                "summary",
                                "S",
                                "tainted",
                                true,
                                "created_at",
                                now.minusSeconds(259_200)))));
        gaps(
                new Gap.Summary("stale", "Stale", "operator", 3, "nice", now, 60L),
                new Gap.Summary("gap_overdue_expectations", "Overdue promises.", "chief", 2, "impactful", null, null));
        // When
        morning();
        morning();
        // Then
        assertThat(graph.ofType("memo")).singleElement().satisfies(memo -> {
            assertThat(memo.externalId()).isEqualTo(LocalDate.now(ZONE).toString());
            assertThat(memo.status()).isEqualTo("final");
            assertThat(Instant.parse(memo.text("period_end"))).isAfterOrEqualTo(now);
            assertThat(memo.text("body_md"))
                    .contains("- 1 proposta espera pela sua decisão, há 3 dias.\n- Overdue promises: 2.\n")
                    .doesNotContain("Stale");
        });
        assertThat(console.told()).singleElement().satisfies(notice -> {
            assertThat(notice.from()).isEqualTo("system:tool-registry");
            assertThat(notice.text()).contains("1 proposta espera pela sua decisão");
            assertThat(notice.about())
                    .extracting(NotificationView.About::id)
                    .containsExactly(graph.ofType("memo").getFirst().id());
        });
        assertThat(peers.requests("POST", "/v1/notifications")).hasSize(1);
    }

    @Test
    void shouldSayNothingWhereNothingWaits() {
        morning();

        assertThat(graph.ofType("memo")).isEmpty();
        assertThat(console.told()).isEmpty();
    }
}

package org.capitania.watchdog.checks;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.BeatView;
import org.capitania.contract.api.NodeView;
import org.capitania.servicekit.CompanyZone;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.watchdog.incidents.Tier;

/**
 * Whether the owner had the morning's brief in time. A day that was missed stays one incident until its brief, or that of a later day, was
 * delivered. When the supervisor does not answer, what it said last of the next brief counts.
 */
@ApplicationScoped
class BriefDelivered implements Check {
    private static final String BEAT = "chief_brief";
    private static final String SUBJECT = "brief:";
    private static final String DUE = "brief_due";

    private final Peers peers;
    private final Fleet fleet;
    private final Sql sql;
    private final CompanyZone zones;
    private final Clock clock;
    private final ChecksConfig config;

    BriefDelivered(Peers peers, Fleet fleet, Sql sql, CompanyZone zones, Clock clock, ChecksConfig config) {
        this.peers = peers;
        this.fleet = fleet;
        this.sql = sql;
        this.zones = zones;
        this.clock = clock;
        this.config = config;
    }

    @Override
    public String name() {
        return "brief_delivered";
    }

    @Override
    public Duration every() {
        return config.slow();
    }

    @Override
    public List<Finding> look(String tenant) {
        Scope scope = Scope.of(tenant, "system:watchdog", name());
        Optional<BriefDays> days = days(scope);
        if (days.isEmpty()) {
            return List.of();
        }
        List<LocalDate> open = sql.read(scope, this::open);
        SortedMap<LocalDate, Instant> expected = days.get().expected(open, clock.instant(), config.briefLate());
        if (expected.isEmpty()) {
            return List.of();
        }
        Instant delivered = delivered(scope);
        List<Finding> missed = new ArrayList<>();
        expected.forEach((day, due) -> {
            if (delivered.isBefore(due)) {
                missed.add(finding(day, due, days.get().zone()));
            }
        });
        return missed;
    }

    private Finding finding(LocalDate day, Instant due, ZoneId zone) {
        Instant until = due.plus(config.briefLate());
        return new Finding(
                SUBJECT + day,
                Tier.MEDIUM,
                "the owner's brief of %s was not delivered by %s (%s)"
                        .formatted(day, until.atZone(zone).toLocalTime(), zone),
                "chief",
                null);
    }

    /** Empty when there is no brief to wait for. */
    private Optional<BriefDays> days(Scope scope) {
        String tenant = scope.tenant();
        Optional<BeatView> beat;
        try {
            beat = fleet.beats(tenant).stream()
                    .filter(each -> each.name().equals(BEAT))
                    .findFirst();
        } catch (CapitaniaException e) {
            Instant next = sql.read(scope, BriefDelivered::remembered).orElseThrow(() -> e);
            ZoneId zone = zones.of(tenant).orElseGet(() -> zones.known(tenant));
            return Optional.of(BriefDays.of(zone, next, List.of(next)));
        }
        Optional<Instant> next = beat.map(BeatView::nextDueAt);
        if (beat.isEmpty() || next.isEmpty()) {
            sql.run(scope, tx -> tx.execute("DELETE FROM observations WHERE name = $1", DUE));
            return Optional.empty();
        }
        sql.run(scope, tx -> remember(tx, next.get()));
        List<Instant> dues = Stream.of(beat.map(BeatView::lastDueAt), next)
                .flatMap(Optional::stream)
                .toList();
        return Optional.of(BriefDays.of(ZoneId.of(beat.get().zone()), next.get(), dues));
    }

    private static Optional<Instant> remembered(Tx tx) {
        return tx.one("SELECT value FROM observations WHERE name = $1", DUE)
                .map(row -> Instant.ofEpochSecond(row.getLong("value")));
    }

    private static void remember(Tx tx, Instant next) {
        tx.execute("""
                INSERT INTO observations AS o (name, value) VALUES ($1, $2)
                ON CONFLICT (tenant_id, name) DO UPDATE SET value = EXCLUDED.value, changed_at = clock_timestamp()
                 WHERE o.value <> EXCLUDED.value
                """, DUE, next.getEpochSecond());
    }

    private List<LocalDate> open(Tx tx) {
        List<LocalDate> open = new ArrayList<>();
        tx.query("SELECT subject FROM incidents WHERE check_name = $1 AND state = 'open'", name())
                .forEach(
                        row -> open.add(LocalDate.parse(row.getString("subject").substring(SUBJECT.length()))));
        return open;
    }

    /** When the last brief reached the owner. */
    private Instant delivered(Scope scope) {
        return peers
                .get(
                        Service.GRAPH_SERVICE,
                        "/v1/nodes?type=memo&external_source=brief&status=final&limit=10",
                        scope,
                        NodeView.Page.class)
                .items()
                .stream()
                .map(memo -> memo.text("period_end"))
                .filter(Objects::nonNull)
                .map(end -> OffsetDateTime.parse(end).toInstant())
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }
}

package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.capitania.contract.Service;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Chief's process dies by SIGKILL at each step of a session in the running fleet: what stands in the graph in the end is what an
 * undisturbed session leaves. {@code -Dhq.kills=N} kills as often, at seeded steps; without it each kind of step has its turn.
 */
class KilledSessionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOCK = 4711;
    private static FleetUnderTest fleet;
    private static Company company;

    @BeforeAll
    static void up() {
        fleet = FleetUnderTest.shared();
        company = new Company(fleet);
        holdNothing();
        fleet.sql(
                Service.AGENT_CHIEF,
                "CREATE TRIGGER held_append BEFORE INSERT ON agent_chief.session_entries"
                        + " FOR EACH ROW EXECUTE FUNCTION agent_chief.held_append()");
    }

    @AfterAll
    static void leave() {
        fleet.sql(Service.AGENT_CHIEF, "DROP FUNCTION agent_chief.held_append() CASCADE");
    }

    @Test
    void shouldLeaveTheSameGraphWhenKilledAtAnyStep() throws Exception {
        long seed = Long.getLong("hq.seed", 20261122L);
        Random random = new Random(seed);
        // Given: a session that nobody disturbs
        // And one before it, since what is there for every mail comes with the first
        finished(mail());
        Matter calm = mail();
        List<String> kinds = finished(calm);
        AtomicReference<List<String>> seen = new AtomicReference<>(List.of());
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> graph(calm), now -> now.size() > 8 && now.equals(seen.getAndSet(now)));
        List<String> expected = seen.get();
        List<Integer> steps = firstOfEachKind(kinds);
        int rounds = Integer.getInteger("hq.kills", Soak.count(steps.size(), 200));
        Map<String, Integer> killed = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            boolean each = rounds == steps.size();
            int step = each ? steps.get(round) : random.nextInt(kinds.size());
            boolean written = !each && random.nextBoolean();
            String what = "seed " + seed + ", round " + round + ", killed " + (written ? "after" : "before") + " entry "
                    + step + ", " + kinds.get(step);
            // When
            Matter matter = killedAt(step, written, random.nextInt(30));
            // Then
            assertThat(finished(matter)).as(what).contains("ended", "closed");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(graph(matter)).as(what).isEqualTo(expected));
            assertThat(company.proposals("pending").stream()
                            .filter(p -> p.path("conversation").asText().equals(matter.conversation())))
                    .as(what)
                    .hasSize(1);
            killed.merge(kinds.get(step), 1, Integer::sum);
        }
        Soak.report(
                "killed-sessions",
                "Chief's process is ended by SIGKILL while it appends a seeded entry of its session or just after, in a running fleet, and started"
                        + " again; each mail ended with one proposal and the same graph as an undisturbed one, ids and times aside.",
                Map.of(
                        "kills",
                        rounds,
                        "at entries of kind",
                        killed,
                        "entries of a session",
                        kinds.size(),
                        "seed",
                        seed));
    }

    private record Matter(String word, String conversation, String since) {}

    private static Matter mail() throws Exception {
        String word = "w" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        String since = fleet.rows(Service.GRAPH_SERVICE, "SELECT clock_timestamp()::text")
                .getFirst();
        Mail mail = Mail.from("Killed Session <" + word + "@moinho.example>").subject("Hours " + word);
        return new Matter(word, company.ingest(mail).path("conversation").asText(), since);
    }

    /** A mail during whose session chief dies: while the entry is being appended, or so many milliseconds after it was. */
    private static Matter killedAt(int step, boolean written, int later) throws Exception {
        try (Connection connection = fleet.connect(Service.AGENT_CHIEF);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
            // An entry that is to be there is followed by one that waits, unless it is the last.
            hold(written ? step + 1 : step);
            Matter matter = mail();
            if (written) {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        // Or both are appended at once, and wait.
                        .until(() -> entries(matter).size() > step || waiting(statement));
                await().pollDelay(Duration.ofMillis(later)).until(() -> true);
            } else {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> waiting(statement));
            }
            fleet.kill(Service.AGENT_CHIEF.wireName());
            holdNothing();
            statement.execute("SELECT pg_advisory_unlock(" + LOCK + ")");
            fleet.start(Service.AGENT_CHIEF.wireName());
            // Nobody waits half a minute for the lease of the dead one.
            fleet.sql(
                    Service.SUPERVISOR,
                    "UPDATE fleet.leases SET expires_at = clock_timestamp() WHERE run_id IS NOT NULL AND role = 'chief'");
            return matter;
        }
    }

    private static boolean waiting(Statement statement) throws SQLException {
        try (var found = statement.executeQuery(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = " + LOCK + " AND NOT granted")) {
            return found.next();
        }
    }

    /** Whoever appends this entry waits until the lock is free. */
    private static void hold(int step) {
        define("IF NEW.seq = " + step + " THEN PERFORM pg_advisory_xact_lock_shared(" + LOCK + "); END IF;");
    }

    private static void holdNothing() {
        define("");
    }

    private static void define(String body) {
        fleet.sql(
                Service.AGENT_CHIEF,
                "CREATE OR REPLACE FUNCTION agent_chief.held_append() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                        + body + " RETURN NEW; END $$");
    }

    private static List<Integer> firstOfEachKind(List<String> kinds) {
        List<Integer> steps = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < kinds.size(); i++) {
            // What came in first is appended together with the opening.
            if (seen.add(kinds.get(i)) && !kinds.get(i).equals("received")) {
                steps.add(i);
            }
        }
        return steps;
    }

    /** Waits until the mail's session has been put away; the kinds of its entries. */
    private static List<String> finished(Matter matter) {
        company.pendingProposalFor(matter.conversation());
        await().atMost(PATIENCE).until(() -> entries(matter).contains("closed"));
        return entries(matter);
    }

    private static List<String> entries(Matter matter) {
        return tasks(matter).stream()
                .flatMap(task -> fleet
                        .rows(
                                Service.AGENT_CHIEF,
                                "SELECT e.kind FROM agent_chief.session_entries e JOIN agent_chief.sessions s USING (tenant_id, session_id)"
                                        + " WHERE s.task_id = '" + task + "' ORDER BY s.opened_at, e.seq")
                        .stream())
                .toList();
    }

    private static List<String> tasks(Matter matter) {
        return fleet.rows(
                Service.SUPERVISOR,
                "SELECT task_id FROM fleet.tasks WHERE role = 'chief' AND conversation_id = '" + matter.conversation()
                        + "'");
    }

    /**
     * What has come into the graph since the mail: a line a node and a line an edge, with what differs from mail to mail left out. Of a
     * killed session's own accidents it leaves out what the fleet truly adds: incidents, and traces of model calls whose answer was lost; and
     * what the upkeep of projects makes every few minutes, whatever chief does.
     */
    private static List<String> graph(Matter matter) {
        String task = tasks(matter).getFirst();
        String ours = "(SELECT * FROM graph.nodes WHERE created_at >= '" + matter.since()
                + "' AND type NOT IN ('agent_incident', 'task', 'producer') AND coalesce(props ->> 'task_id', '" + task
                + "') = '"
                + task
                + "' AND (type <> 'reasoning_trace' OR props ->> 'output_md' IS NOT NULL))";
        List<String> lines = new ArrayList<>(fleet.rows(
                Service.GRAPH_SERVICE,
                "SELECT concat_ws(' | ', type, status, title, tainted, tags, CASE type WHEN 'reasoning_trace' THEN"
                        // The order of a call's arguments is that of the process that made it.
                        + " jsonb_set(props, '{output_md}', to_jsonb(split_part(props ->> 'output_md', '{', 1))) ELSE props END::text)"
                        + " FROM " + ours + " AS n"));
        lines.addAll(fleet.rows(
                Service.GRAPH_SERVICE,
                "SELECT concat_ws(' ', f.type, '-' || e.type || '->', t.type, e.props::text) FROM graph.edges e JOIN "
                        + ours + " AS f ON f.id = e.from_id JOIN graph.nodes t ON t.id = e.to_id"));
        return lines.stream().map(line -> plain(line, matter.word())).sorted().toList();
    }

    private static String plain(String line, String word) {
        return line.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID")
                .replace(word, "WORD")
                .replaceAll("model\\.\\d+", "model")
                .replaceAll("\\| (agent-run-agent-chief|agent-session-chief|turn-state)-[0-9a-f]+ \\|", "| $1 |")
                .replaceAll("\\[(\"ID\"(, )?)+]", "[IDS]")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
                .replaceAll("[0-9a-f]{40,}", "DIGEST")
                .replaceAll("Thank you for (your message|writing to us)", "THANKS")
                .replaceAll("\"[a-z_]*(tokens|_ms|cost|fence)[a-z_]*\": [0-9.]+", "FIGURE");
    }
}

package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.contract.Json;

/** What it costs to ask for another time: reads of a running graph-service through HTTP by one client, now and then in turns. */
final class TimeBench {
    private static final long SEED = 20261121;
    private static final int CHECKED = 40;
    private static final String AS_OF = "as_of=" + escaped(TimeData.THEN);
    private static final String VALID_AT = "valid_at=" + escaped(TimeData.THEN);

    private final int nodes;
    private final int rounds;
    private final double seconds;
    /** Seeded: every run reads the same, in the same order of turns. */
    private final Random random = new Random(SEED);

    /** @param quick a tenth of the history, fewer and shorter slices */
    TimeBench(boolean quick) {
        nodes = quick ? 5000 : 50_000;
        rounds = quick ? 2 : 10;
        seconds = quick ? 0.5 : 2;
    }

    List<Figure> run() {
        try (GraphProcess graph = new GraphProcess()) {
            System.err.println("bench: filling the history of " + nodes + " nodes");
            new TimeData(nodes).fill(graph.postgres());
            try (Wire wire = graph.connect()) {
                check(graph, wire);
                Turns turns = turns(graph, wire).run(rounds, seconds);
                check(graph, wire);
                return figures(turns);
            }
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private interface Read {
        void run(String token) throws IOException;
    }

    private Turns turns(GraphProcess graph, Wire wire) {
        return new Turns(graph::cpuMillis, random)
                .way("now", slice(graph, token -> wire.get("/v1/nodes/" + often(), token)))
                .way("then", slice(graph, token -> wire.get("/v1/nodes/" + often() + "?" + AS_OF, token)))
                .way("around", slice(graph, token -> around(wire, token, any(), "")))
                .way("around then", slice(graph, token -> around(wire, token, any(), AS_OF)))
                .way("around true then", slice(graph, token -> around(wire, token, any(), VALID_AT)))
                .way("one version", slice(graph, token -> wire.get("/v1/nodes/" + seldom() + "?" + AS_OF, token)))
                .way(
                        "many versions",
                        slice(graph, token -> wire.get("/v1/nodes/" + TimeData.id(TimeData.MANY) + "?" + AS_OF, token)))
                .way(
                        "ancient",
                        slice(
                                graph,
                                token -> wire.get("/v1/nodes/" + TimeData.id(TimeData.ANCIENT) + "?" + AS_OF, token)));
    }

    private static Turns.Slice slice(GraphProcess graph, Read read) {
        return nanos -> {
            String token = graph.token();
            long end = System.nanoTime() + nanos;
            long done = 0;
            while (System.nanoTime() < end) {
                read.run(token);
                done++;
            }
            return done;
        };
    }

    private static List<Figure> figures(Turns turns) {
        return List.of(
                times(turns, "time.as_of", "then", "current read", "now", 2.0),
                times(turns, "time.traversal.as_of", "around then", "current traversal", "around", 1.15),
                times(turns, "time.traversal.valid_at", "around true then", "current traversal", "around", 1.15),
                times(turns, "time.as_of.10000_versions", "many versions", "one version", "one version", 3),
                times(turns, "time.as_of.ancient", "ancient", "a later one", "one version", 1.15));
    }

    private static Figure times(Turns turns, String name, String way, String peer, String peerWay, double most) {
        Turns.Total mine = turns.total(way);
        Turns.Total other = turns.total(peerWay);
        return Figure.times(name, mine.millis(), "ms", peer, other.millis(), most, mine.slices())
                .withCpu(mine.cpuMillis(), other.cpuMillis());
    }

    private int number() {
        return 10 + random.nextInt(nodes);
    }

    private String any() {
        return TimeData.id(number());
    }

    private String often() {
        return TimeData.id(number() / 10 * 10 + random.nextInt(3));
    }

    private String seldom() {
        return TimeData.id(number() / 10 * 10 + 3 + random.nextInt(6));
    }

    /** What is two links away: its edges, and those of each of its neighbours. */
    static Set<String> around(Wire wire, String token, String id, String moment) throws IOException {
        Set<String> all = new TreeSet<>();
        for (String near : neighbours(wire, token, id, moment)) {
            all.addAll(neighbours(wire, token, near, moment));
        }
        return all;
    }

    private static Set<String> neighbours(Wire wire, String token, String id, String moment) throws IOException {
        String answer = wire.get("/v1/nodes/" + id + "/edges" + (moment.isEmpty() ? "" : "?" + moment), token);
        Set<String> ids = new LinkedHashSet<>();
        String mark = "\"other\":{\"id\":\"";
        for (int at = answer.indexOf(mark); at >= 0; at = answer.indexOf(mark, at + 1)) {
            ids.add(answer.substring(at + mark.length(), at + mark.length() + 36));
        }
        return ids;
    }

    /** No figure of wrong answers: versions, titles and neighbours are those that were written. */
    private void check(GraphProcess graph, Wire wire) throws IOException, SQLException {
        String token = graph.token();
        List<Integer> numbers = new ArrayList<>(List.of(TimeData.MANY, TimeData.ANCIENT));
        for (int i = 0; i < CHECKED; i++) {
            numbers.add(number());
        }
        for (int number : numbers) {
            String id = TimeData.id(number);
            int now = versions(number);
            long then = graph.postgres()
                    .number("SELECT max(version) FROM graph.history_nodes WHERE tenant_id = '" + GraphProcess.TENANT
                            + "' AND id = '" + id + "' AND recorded_at <= '" + TimeData.THEN + "'");
            require(then <= now && (now == 1 || then > 1 && then < now), id + " has not been changed since");
            requireVersion(number, now, wire.get("/v1/nodes/" + id, token));
            requireVersion(number, then, wire.get("/v1/nodes/" + id + "?" + AS_OF, token));
            // Links were made once, before then, and the least has changed since: the same neighbours at any time.
            Set<String> around = around(wire, token, id, "");
            require(around.equals(around(wire, token, id, AS_OF)), id + " had other neighbours then");
            require(around.equals(around(wire, token, id, VALID_AT)), id + " truly had other neighbours then");
            require(number < 10 || around.size() > TimeData.LINKS, id + " has too few neighbours: " + around);
        }
    }

    private static int versions(int number) {
        if (number == TimeData.MANY) {
            return TimeData.MANY_VERSIONS;
        }
        return number > 9 && TimeData.changesOften(number) ? TimeData.VERSIONS : 1;
    }

    private static void requireVersion(int number, long version, String answer) {
        JsonNode node = Json.read(answer, JsonNode.class).path("node");
        require(
                node.path("version").longValue() == version
                        && node.path("title").asText().equals("Task " + number + " at " + version),
                "expected version " + version + " of " + number + ": " + answer);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("the answer is wrong: " + otherwise);
        }
    }

    static String escaped(Instant time) {
        return URLEncoder.encode(time.toString(), StandardCharsets.UTF_8);
    }
}

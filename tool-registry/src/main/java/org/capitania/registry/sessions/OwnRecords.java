package org.capitania.registry.sessions;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.freezing.FrozenCalls;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** What a role has written, has to do and waits for, in an order that follows from the store alone. */
@ApplicationScoped
class OwnRecords {
    /** From here on a memory is told to every new session (section 13.4 of the seeds). */
    private static final double SALIENT = 0.3;

    private static final Duration RECENT = Duration.ofDays(30);
    private static final int LOOKED_AT = 500;
    private static final int TASKS = 10;

    private final Sql sql;
    private final Graph graph;
    private final FrozenCalls frozenCalls;

    OwnRecords(Sql sql, Graph graph, FrozenCalls frozenCalls) {
        this.sql = sql;
        this.graph = graph;
        this.frozenCalls = frozenCalls;
    }

    /**
     * What every session of a role begins with.
     *
     * @param memories the most salient of what does not derive from outside
     * @param others the rest of that: less salient, or older
     */
    record All(
            Optional<NodeView> lastSession,
            List<NodeView> memories,
            List<NodeView> others,
            Optional<NodeView> cleanMemo,
            List<NodeView> openTasks,
            List<FrozenRevision> waiting,
            List<NodeView> currentMemos) {}

    /** All of it, asked for side by side: each takes a round trip or more, and none needs another's answer. */
    All all(Scope scope, String role, int memories) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> waiting(scope, role));
            List<List<NodeView>> found = graph.find(
                    scope,
                    List.of(
                            of("agent_session", role)
                                    .status("closed")
                                    .tainted(false)
                                    .limit(1),
                            active(role, false),
                            current(role),
                            of("agent_handover_memo", role).tainted(false).limit(1),
                            driven(role)));
            List<NodeView> active = found.get(1);
            List<NodeView> shown = most(
                    // What one page does not hold is asked for by what counts.
                    active.size() < LOOKED_AT
                            ? active.stream()
                                    .filter(memory -> salience(memory) >= SALIENT)
                                    .toList()
                            : graph.find(scope, salient(role, false)),
                    memories);
            Set<String> known = shown.stream().map(NodeView::id).collect(Collectors.toSet());
            List<NodeView> current = found.get(2);
            // The memo that stands, if it does not derive from outside; else the last one that does not.
            Optional<NodeView> clean = Stream.concat(
                            current.stream().filter(memo -> !memo.tainted()), found.get(3).stream())
                    .findFirst();
            return new All(
                    found.get(0).stream().findFirst(),
                    shown,
                    active.stream()
                            .filter(memory -> !known.contains(memory.id()))
                            .toList(),
                    clean,
                    found.get(4),
                    answer(waiting),
                    current);
        }
    }

    /** What was asked for side by side. */
    static <T> T answer(Future<T> asked) {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while a session was opened", e);
        }
    }

    /**
     * The most salient memories of the last thirty days, counted back from the newest of them: no clock is in it, so that the same store
     * tells the same.
     *
     * @param tainted those that derive from outside, or those that do not
     */
    List<NodeView> memories(Scope scope, String role, boolean tainted, int most) {
        return most(graph.find(scope, salient(role, tainted)), most);
    }

    private static NodeQuery salient(String role, boolean tainted) {
        return active(role, tainted).atLeast("salience", SALIENT);
    }

    private static NodeQuery active(String role, boolean tainted) {
        return of("memory_entry", role).status("active").tainted(tainted).limit(LOOKED_AT);
    }

    private static List<NodeView> most(List<NodeView> active, int most) {
        Instant newest = active.stream()
                .map(OwnRecords::validated)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return active.stream()
                .filter(memory -> !validated(memory).isBefore(newest.minus(RECENT)))
                .sorted(Comparator.comparingDouble(OwnRecords::salience)
                        .thenComparing(OwnRecords::validated)
                        .thenComparing(NodeView::id)
                        .reversed())
                .limit(most)
                .toList();
    }

    /** The memos that stand, whatever they derive from; one, but for memos from before there was one only. */
    List<NodeView> currentMemos(Scope scope, String role) {
        return graph.find(scope, current(role));
    }

    private static NodeQuery current(String role) {
        return of("agent_handover_memo", role).status("current");
    }

    /** The last ten open tasks that the role drives. */
    List<NodeView> openTasks(Scope scope, String role) {
        return graph.find(scope, driven(role));
    }

    private static NodeQuery driven(String role) {
        return NodeQuery.ofType("task")
                .status("open", "in_progress", "blocked")
                .linkedTo("driven_by", "hq:agent:" + role)
                .limit(TASKS);
    }

    /** The role's calls that wait for a person, newest first. */
    List<FrozenRevision> waiting(Scope scope, String role) {
        return sql.read(scope, tx -> frozenCalls.waitingOf(tx, "agent:" + role));
    }

    static double salience(NodeView memory) {
        return memory.props().path("salience").asDouble(0);
    }

    private static Instant validated(NodeView memory) {
        String at = memory.text("last_validated_at");
        return at == null ? memory.createdAt() : OffsetDateTime.parse(at).toInstant();
    }

    private static NodeQuery of(String type, String role) {
        return NodeQuery.ofType(type).prop("agent_id", "agent:" + role);
    }
}

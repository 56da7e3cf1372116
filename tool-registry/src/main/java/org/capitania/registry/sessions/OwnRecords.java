package org.capitania.registry.sessions;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EdgeView;
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
    private static final Set<String> OPEN = Set.of("open", "in_progress", "blocked");

    private final Sql sql;
    private final Graph graph;
    private final FrozenCalls frozenCalls;

    OwnRecords(Sql sql, Graph graph, FrozenCalls frozenCalls) {
        this.sql = sql;
        this.graph = graph;
        this.frozenCalls = frozenCalls;
    }

    /** What every session of a role begins with. */
    record All(
            Optional<NodeView> lastSession,
            List<NodeView> memories,
            Optional<NodeView> cleanMemo,
            List<NodeView> openTasks,
            List<FrozenRevision> waiting,
            List<NodeView> currentMemos) {}

    /** All of it, asked for side by side: each takes a round trip or more, and none needs another's answer. */
    All all(Scope scope, String role, int memories) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var last = threads.submit(() -> lastSession(scope, role));
            var remembered = threads.submit(() -> memories(scope, role, false, memories));
            var tasks = threads.submit(() -> openTasks(scope, role));
            var waiting = threads.submit(() -> waiting(scope, role));
            List<NodeView> current = currentMemos(scope, role);
            Optional<NodeView> clean = cleanMemo(scope, role, current);
            return new All(answer(last), answer(remembered), clean, answer(tasks), answer(waiting), current);
        }
    }

    private static <T> T answer(Future<T> asked) {
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
        List<NodeView> active = graph.find(
                scope,
                of("memory_entry", role)
                        .status("active")
                        .tainted(tainted)
                        .atLeast("salience", SALIENT)
                        .limit(LOOKED_AT));
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

    /** Of what does not derive from outside the rest: less salient, or older. */
    List<NodeView> otherMemories(Scope scope, String role, Collection<NodeView> shown) {
        Set<String> known = shown.stream().map(NodeView::id).collect(Collectors.toSet());
        return graph
                .find(
                        scope,
                        of("memory_entry", role).status("active").tainted(false).limit(LOOKED_AT))
                .stream()
                .filter(memory -> !known.contains(memory.id()))
                .toList();
    }

    /** The memo that stands, if it does not derive from outside; else the last one that does not. */
    private Optional<NodeView> cleanMemo(Scope scope, String role, List<NodeView> current) {
        return current.stream()
                .filter(memo -> !memo.tainted())
                .findFirst()
                .or(() -> graph
                        .find(
                                scope,
                                of("agent_handover_memo", role).tainted(false).limit(1))
                        .stream()
                        .findFirst());
    }

    /** The memos that stand, whatever they derive from; one, but for memos from before there was one only. */
    List<NodeView> currentMemos(Scope scope, String role) {
        return graph.find(scope, of("agent_handover_memo", role).status("current"));
    }

    /** The role's last session that has not read from outside. */
    Optional<NodeView> lastSession(Scope scope, String role) {
        return graph
                .find(
                        scope,
                        of("agent_session", role)
                                .status("closed")
                                .tainted(false)
                                .limit(1))
                .stream()
                .findFirst();
    }

    /** Of the last tasks that the role drives those that are not done. */
    List<NodeView> openTasks(Scope scope, String role) {
        return graph.detail(scope, "hq:agent:" + role).stream()
                .flatMap(agent -> graph.linked(scope, agent.node().id(), "driven_by", EdgeView.Direction.IN).stream())
                .filter(other -> other.type().equals("task"))
                .limit(TASKS)
                .flatMap(task -> graph.detail(scope, task.id()).stream())
                .map(NodeView.Detail::node)
                .filter(task -> OPEN.contains(String.valueOf(task.status())))
                .toList();
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

package org.capitania.registry.memory;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.MutationResult;
import org.capitania.graphclient.Batch;
import org.capitania.registry.files.MemoryFiles;
import org.capitania.registry.files.MemoryFiles.MemoryFile;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.memory.TendingPlan.Memory;
import org.capitania.registry.memory.TendingPlan.Pair;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Tends what an agent remembers (section 13.5 of the seeds): first the graph, in one transaction in which each memory must be as it was read
 * (what is more than one takes follows in others), then what a person is asked, then {@code MEMORY.md}. Each step finds by itself what of it is done, so that the same store is tended once,
 * however often it is asked or where it died.
 */
@ApplicationScoped
public class TendMemories {
    /** As long as a fact lasts: an older MEMORY.md may tell what is known no more. */
    private static final Duration STALE = Duration.ofDays(30);

    /** In one batch: with what is confirmed and the lines of a file that are taken over it is less than the 2,000 ops that the graph takes. */
    private static final int MOST_RETIRED = 380;

    private static final String NEW = "@line";

    private final Clock clock;
    private final Graph graph;
    private final MemoryFiles files;
    private final RoleMemories memories;
    private final MemoryConflicts conflicts;

    TendMemories(Clock clock, Graph graph, MemoryFiles files, RoleMemories memories, MemoryConflicts conflicts) {
        this.clock = clock;
        this.graph = graph;
        this.files = files;
        this.memories = memories;
        this.conflicts = conflicts;
    }

    /**
     * What was done.
     *
     * @param active how many are left
     * @param promoted lines of MEMORY.md that became memories
     * @param conflicts pairs of ids that a person has to look at
     * @param byMeaning whether they were compared by vectors; else by their words alone
     * @param mirrored whether MEMORY.md was made anew
     * @param auditEventId of the write; absent where there was nothing to do
     */
    public record Tended(
            int active,
            int promoted,
            int decayed,
            int merged,
            int dropped,
            List<List<String>> conflicts,
            boolean byMeaning,
            boolean mirrored,
            @Nullable String auditEventId) {}

    /** Tends them now. */
    public Tended tend(Scope scope, String role) {
        List<Memory> active = memories.active(scope, role);
        Optional<MemoryFile> file = files.read(scope, role);
        List<Memory> own = own(file, active);
        List<Memory> all = Stream.concat(active.stream(), own.stream()).toList();
        RoleMemories.Comparison comparison = memories.compare(all);
        TendingPlan plan = TendingPlan.of(all, clock.instant(), comparison.likeness());
        Optional<MutationResult> written = change(scope, role, all, own, plan);
        List<Pair> apart = plan.conflicts().stream()
                .map(pair -> new Pair(named(pair.other(), written), named(pair.kept(), written)))
                .toList();
        conflicts.ask(scope, role, apart);
        boolean mirrored = put(scope, role, file, written.isPresent() ? memories.active(scope, role) : active);
        return new Tended(
                (int) all.stream().filter(plan::keeps).count(),
                (int) own.stream().filter(plan::keeps).count(),
                plan.decayed().size(),
                (int) plan.merged().stream()
                        .filter(pair -> !isNew(pair.other()))
                        .count(),
                (int) plan.dropped().stream().filter(memory -> !isNew(memory)).count(),
                apart.stream()
                        .map(pair -> List.of(pair.kept().id(), pair.other().id()))
                        .toList(),
                comparison.byMeaning(),
                mirrored,
                written.map(MutationResult::auditEventId).orElse(null));
    }

    /** Takes over what stands in MEMORY.md of the agent's own, and makes the file anew; nothing is let go or merged. */
    void mirror(Scope scope, String role) {
        List<Memory> active = memories.active(scope, role);
        Optional<MemoryFile> file = files.read(scope, role);
        List<Memory> own = own(file, active);
        List<Memory> all = Stream.concat(active.stream(), own.stream()).toList();
        boolean written = change(scope, role, all, own, TendingPlan.NONE).isPresent();
        put(scope, role, file, written ? memories.active(scope, role) : active);
    }

    /**
     * The same before a session begins, where the file is too old. Where it is gone that is left to the caller, to be done before it reads the
     * file: no memory comes of a file that is not there.
     */
    public Runnable beforeSession(String tenant, String role) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "MEMORY.md is gone or too old");
        Runnable make = () -> {
            try {
                mirror(scope, role);
            } catch (CapitaniaException e) {
                notMade(scope, role, e);
            }
        };
        try {
            switch (files.state(scope, role, STALE)) {
                case GONE -> {
                    return make;
                }
                case OLD -> make.run();
                case STANDS -> {}
            }
        } catch (CapitaniaException e) {
            notMade(scope, role, e);
        }
        return () -> {};
    }

    /** The session's header tells the same from the graph. */
    private static void notMade(Scope scope, String role, CapitaniaException e) {
        Log.warnf("MEMORY.md could not be made tenant=%s role=%s why=%s", scope.tenant(), role, e.detail());
    }

    /** What the agent wrote into the file and does not remember yet, as memories that are to be. */
    private List<Memory> own(Optional<MemoryFile> file, List<Memory> active) {
        if (file.isEmpty()) {
            return List.of();
        }
        Set<String> known =
                active.stream().map(memory -> TendingPlan.plain(memory.body())).collect(Collectors.toSet());
        List<Memory> own = new ArrayList<>();
        for (MemoryText.Line line : MemoryText.read(file.get().own())) {
            if (known.add(TendingPlan.plain(line.body()))) {
                own.add(new Memory(
                        NEW + own.size(),
                        0,
                        line.kind(),
                        line.body(),
                        RoleMemories.SALIENCE,
                        clock.instant(),
                        null,
                        false,
                        file.get().tainted()));
            }
        }
        return own;
    }

    /** What the first batch did, with the lines that became memories; more than it holds is let go of in others. */
    private Optional<MutationResult> change(
            Scope scope, String role, List<Memory> all, List<Memory> own, TendingPlan plan) {
        List<Memory> promoted = own.stream().filter(plan::keeps).toList();
        List<Retired> retired = retired(plan);
        List<Pair> confirmed = plan.confirmed();
        if (promoted.isEmpty() && retired.isEmpty() && confirmed.isEmpty()) {
            return Optional.empty();
        }
        String state = all.stream()
                .map(m -> m.id() + ":" + m.version() + ":" + m.body())
                .sorted()
                .collect(Collectors.joining("\n"));
        String key = "memory-tend:" + role + ":" + Canonical.sha256(state, plan.toString());
        Batch batch = new Batch();
        if (!promoted.isEmpty()) {
            promote(batch, role, promoted);
        }
        confirmed.stream().limit(TendingPlan.MOST).forEach(pair -> confirm(scope, batch, pair));
        retired.stream().limit(MOST_RETIRED).forEach(each -> retire(batch, each));
        Optional<MutationResult> first = Optional.of(graph.change(scope, key, batch));
        for (int i = MOST_RETIRED; i < retired.size(); i += MOST_RETIRED) {
            Batch more = new Batch();
            retired.subList(i, Math.min(i + MOST_RETIRED, retired.size()))
                    .forEach(each -> retire(more, each.after(first)));
            graph.change(scope, key + ":" + i, more);
        }
        return first;
    }

    /** What a later session said again lasts as long from then on, and says by which trace (section 13.2 of the seeds). */
    private void confirm(Scope scope, Batch batch, Pair pair) {
        Memory kept = pair.kept();
        batch.patch(
                kept.id(),
                n -> n.version(kept.version())
                        .prop("last_validated_at", pair.other().validated().toString()));
        if (!isNew(pair.other())) {
            graph.edges(scope, pair.other().id(), "produced_by").stream()
                    .filter(edge -> edge.direction() == EdgeView.Direction.OUT)
                    .limit(1)
                    .forEach(edge ->
                            batch.link(kept.id(), "validated_by", edge.other().id()));
        }
    }

    /** One to let go of; {@code by} says what it said. */
    private record Retired(
            Memory memory, String status, @Nullable Memory by) {
        Retired after(Optional<MutationResult> written) {
            Memory other = by;
            return other == null ? this : new Retired(memory, status, named(other, written));
        }
    }

    private static List<Retired> retired(TendingPlan plan) {
        List<Retired> retired = new ArrayList<>();
        plan.merged().forEach(pair -> retired.add(new Retired(pair.other(), "superseded", pair.kept())));
        plan.decayed().forEach(memory -> retired.add(new Retired(memory, "decayed", null)));
        plan.dropped().forEach(memory -> retired.add(new Retired(memory, "decayed", null)));
        retired.removeIf(each -> isNew(each.memory()));
        return retired;
    }

    private static void retire(Batch batch, Retired retired) {
        Memory by = retired.by();
        if (by != null) {
            batch.link(retired.memory().id(), "superseded_by", by.id());
        }
        retire(batch, retired.memory(), retired.status());
    }

    /** Why the agent believes it is one hop away: it wrote it into its file (section 13.6 of the seeds). */
    private static void promote(Batch batch, String role, List<Memory> promoted) {
        String lines = promoted.stream()
                .map(memory -> MemoryText.line(memory.kind(), memory.body()))
                .collect(Collectors.joining("\n"));
        boolean tainted = promoted.getFirst().tainted();
        batch.create(
                "trace",
                "reasoning_trace",
                n -> n.tainted(tainted)
                        .prop("agent_id", "agent:" + role)
                        .prop("purpose", "memory-tender")
                        .prop("output_md", cut(lines))
                        .prop("notes_md", "Taken over from " + MemoryFiles.path(role) + ", where the agent wrote it."));
        for (Memory memory : promoted) {
            String ref = memory.id().substring(1);
            batch.create(
                            ref,
                            "memory_entry",
                            n -> n.status("active")
                                    .tainted(tainted)
                                    .prop("agent_id", "agent:" + role)
                                    .prop("kind", memory.kind())
                                    .prop("body_md", memory.body())
                                    .prop("salience", memory.salience()))
                    .link(memory.id(), "produced_by", "@trace");
        }
    }

    private static String cut(String text) {
        return text.length() <= 60_000 ? text : text.substring(0, 60_000);
    }

    /** It is kept, and told to nobody. */
    static void retire(Batch batch, Memory memory, String status) {
        batch.patch(memory.id(), n -> n.version(memory.version()).status(status));
        batch.archive(memory.id());
    }

    private static boolean isNew(Memory memory) {
        return memory.id().startsWith(NEW);
    }

    /** A memory that was only to be, under the id that it has by now. */
    private static Memory named(Memory memory, Optional<MutationResult> written) {
        if (!isNew(memory) || written.isEmpty()) {
            return memory;
        }
        String id = written.get().byRef(memory.id().substring(1)).id();
        return memory.withId(id);
    }

    /** Makes the file; where there is none and nothing to tell, there is none. */
    private boolean put(Scope scope, String role, Optional<MemoryFile> file, List<Memory> active) {
        boolean needed = file.isPresent()
                && (file.get().sha256() != null || active.stream().anyMatch(memory -> !memory.tainted()));
        return needed && files.put(scope, role, file.get(), MemoryText.of(role, active));
    }
}

package org.capitania.graph.mutation;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.capitania.contract.api.MutationResult.OpResult;
import org.capitania.graph.obligation.DueTimes;
import org.capitania.graph.types.Types;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Ids;
import org.jspecify.annotations.Nullable;

/** Turns a batch and what was found into a plan: every fault of the batch is found here, before anything is written. */
@ApplicationScoped
class Planner {
    private final Ids ids;
    private final Clock clock;
    private final DueTimes dueTimes;

    Planner(Ids ids, Clock clock, DueTimes dueTimes) {
        this.ids = ids;
        this.clock = clock;
        this.dueTimes = dueTimes;
    }

    /**
     * Plans a batch.
     *
     * @param reason why, as the request says it
     * @param contended whether an earlier plan of it lost a race
     */
    Plan plan(
            Types types,
            Caller caller,
            @Nullable String reason,
            MutationBatch batch,
            References references,
            Found found,
            boolean contended) {
        Workspace work = new Workspace(ids, references, found);
        try {
            return plan(types, caller, reason, batch, work, contended);
        } catch (CapitaniaException e) {
            throw new Faults(batch.ops(), work).typed(e);
        }
    }

    private Plan plan(
            Types types,
            Caller caller,
            @Nullable String reason,
            MutationBatch batch,
            Workspace work,
            boolean contended) {
        Instant now = Draft.now(clock);
        Draft actorProducer = work.producer(Producers.ofActor(caller.actor()));
        NodeRules rules = new NodeRules(types, caller, work);
        NodeOps nodes = new NodeOps(caller, reason, rules, work, new Slugs(work.found, contended), actorProducer);
        Replacements replacements = new Replacements(caller, rules, work, nodes, now);
        EdgeOps edges = new EdgeOps(types, work, actorProducer, now);
        List<@Nullable OpResult> edgeResults = walk(batch.ops(), nodes, replacements, edges);
        Derivations.derive(dueTimes, dueTimes.zone(caller.tenant(), work.found.zone()), now, work, edges.made());
        rules.check();
        if (!work.errors.isEmpty()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION, work.errors.getFirst().message(), work.errors);
        }
        Plan.Merging merging = merging(types, work, batch.ops());
        Set<UUID> clean = Taint.spread(edges.made());
        List<OpResult> results = new ArrayList<>();
        for (int i = 0; i < batch.ops().size(); i++) {
            OpResult edge = edgeResults.get(i);
            results.add(edge == null ? nodeResult(work, i, batch.ops().get(i)) : edge);
        }
        List<Plan.Event> events = new ArrayList<>(SemanticEvents.of(work.drafts(), edges.made(), now));
        events.addAll(new CallerEvents(caller, work).of(batch.events()));
        return new Plan(
                ids.v7(),
                List.copyOf(work.drafts()),
                List.copyOf(edges.made()),
                List.copyOf(edges.ended()),
                clean,
                actorProducer.id,
                merging,
                List.copyOf(events),
                List.copyOf(results));
    }

    /** The slugs that the batch's new nodes might take. */
    Set<String> slugs(Types types, MutationBatch batch) {
        Set<String> slugs = new LinkedHashSet<>();
        for (MutationOp op : batch.ops()) {
            if (op instanceof MutationOp.Create create) {
                slugs.addAll(Slugs.candidates(create, types.node(create.type()).orElse(null)));
            }
        }
        return slugs;
    }

    private static List<@Nullable OpResult> walk(
            List<MutationOp> ops, NodeOps nodes, Replacements replacements, EdgeOps edges) {
        // Creates first, whole: any op may name what a later one creates.
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i) instanceof MutationOp.Create create) {
                nodes.create(i, create);
            }
        }
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i) instanceof MutationOp.Create create) {
                nodes.attribute(i, create);
            }
        }
        List<@Nullable OpResult> edgeResults = new ArrayList<>();
        for (int i = 0; i < ops.size(); i++) {
            OpResult result = null;
            switch (ops.get(i)) {
                case MutationOp.Create create -> {}
                case MutationOp.Patch patch -> nodes.patch(i, patch);
                case MutationOp.Archive archive -> nodes.archive(i, archive);
                case MutationOp.Link link -> result = edges.link(i, link);
                case MutationOp.Unlink unlink -> result = edges.unlink(i, unlink);
                case MutationOp.Supersede supersede -> {
                    replacements.supersede(i, supersede);
                    edges.link(i, stated("supersedes", supersede.by(), supersede.id()));
                }
                case MutationOp.Retain retain -> nodes.retain(i, retain);
                case MutationOp.Merge merge -> {
                    replacements.merge(i, merge, ops.size());
                    edges.link(i, stated("duplicate_of", merge.id(), merge.into()));
                }
            }
            edgeResults.add(result);
        }
        return edgeResults;
    }

    private static OpResult nodeResult(Workspace work, int i, MutationOp op) {
        return switch (op) {
            case MutationOp.Create create -> {
                Workspace.Made made = work.made(i);
                Draft node = made.node();
                yield new OpResult(
                        "create",
                        create.ref(),
                        node.id.toString(),
                        node.slug,
                        node.versionAfter(),
                        made.created(),
                        made.created());
            }
            case MutationOp.Patch patch -> changed("patch", work.resolve(patch.id(), ""));
            case MutationOp.Archive archive -> changed("archive", work.resolve(archive.id(), ""));
            case MutationOp.Link link -> throw refusedAlready();
            case MutationOp.Unlink unlink -> throw refusedAlready();
            case MutationOp.Supersede supersede -> changed("supersede", work.resolve(supersede.id(), ""));
            case MutationOp.Retain retain -> changed("retain", work.resolve(retain.id(), ""));
            case MutationOp.Merge merge -> {
                Draft into = work.resolve(merge.into(), "");
                yield new OpResult("merge", null, into.id.toString(), into.slug, into.versionAfter(), false, true);
            }
        };
    }

    private static Plan.@Nullable Merging merging(Types types, Workspace work, List<MutationOp> ops) {
        if (!(ops.getFirst() instanceof MutationOp.Merge merge)) {
            return null;
        }
        String proposal = merge.proposal();
        if (proposal == null) {
            return null;
        }
        return new Plan.Merging(
                work.resolve(merge.id(), "").id, work.resolve(merge.into(), "").id, proposal, types.bounds());
    }

    private static MutationOp.Link stated(String type, String from, String to) {
        return new MutationOp.Link(type, from, to, null, null, null, null, null, null);
    }

    private static OpResult changed(String op, Draft node) {
        return new OpResult(
                op, null, node.id.toString(), node.slug, node.versionAfter(), false, node.changed() || node.policed);
    }

    private static IllegalStateException refusedAlready() {
        return new IllegalStateException("an op that was dealt with before came again");
    }
}

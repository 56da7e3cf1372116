package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;
import org.jspecify.annotations.Nullable;

/** What can be asked about proposals. */
@ApplicationScoped
public class ProposalQueries {
    private static final String NEWEST = "p.createdAt DESC, p.id DESC";
    private static final String OLDEST = "p.createdAt, p.id";
    /** What stands behind one that may have left its state meanwhile. */
    private static final String BEHIND =
            " AND EXISTS (SELECT 1 FROM ProposalRow a WHERE a.id = :after AND (p.createdAt < a.createdAt OR p.createdAt = a.createdAt AND p.id < a.id))";

    private static final String NAMED = " AND (CAST(p.id AS String) LIKE :begins OR CAST(p.id AS String) LIKE :ends)";

    private final Orm orm;
    private final ProposalStore store;
    private final Refusals refusals;

    ProposalQueries(Orm orm, ProposalStore store, Refusals refusals) {
        this.orm = orm;
        this.store = store;
        this.refusals = refusals;
    }

    /** One proposal with everything about it. */
    public ProposalView one(Scope scope, UUID id) {
        return orm.tx(scope, tx -> store.find(tx, id).chain(row -> view(tx, row)));
    }

    /**
     * The newest of some states, of all when none is named, behind {@code after} where one is; without their rendering and history.
     *
     * @param part how the ids of those that are meant begin or end
     */
    public List<ProposalView> list(
            Scope scope, List<ProposalStatus> statuses, @Nullable String part, int limit, @Nullable UUID after) {
        return list(scope, statuses, part, limit, NEWEST, after, false);
    }

    /** Those that came first, with their rendering, for people to look at: what has waited longest is never left out. */
    public List<ProposalView> rendered(Scope scope, List<ProposalStatus> statuses, int limit) {
        return list(scope, statuses, null, limit, OLDEST, null, true);
    }

    /** Those that took a step last, first. */
    public List<ProposalView> latelyMoved(Scope scope, List<ProposalStatus> statuses, int limit) {
        return list(scope, statuses, null, limit, "p.updatedAt DESC, p.id DESC", null, false);
    }

    /** Who tried to decide on it and may not, one sentence each. */
    public List<String> refusals(Scope scope, UUID id) {
        return orm.tx(scope, tx -> refusals.of(tx, id)).stream()
                .map(r -> r.principal + " tried to " + r.attempt + " this and was refused, at " + r.refusedAt)
                .toList();
    }

    /** The steps proposals took last, newest first. */
    public List<Activity> activity(Scope scope, int limit) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "SELECT s, p FROM StepRow s JOIN ProposalRow p ON p.id = s.proposalId ORDER BY s.takenAt DESC, s.id DESC",
                                Object[].class)
                        .setMaxResults(limit)
                        .getResultList()
                        .map(found -> found.stream()
                                .map(pair -> activity((StepRow) pair[0], (ProposalRow) pair[1]))
                                .toList()));
    }

    /** A step and whose it was. */
    public record Activity(String proposalId, String summary, String tool, String agent, ProposalView.Step step) {}

    private static Activity activity(StepRow step, ProposalRow proposal) {
        return new Activity(proposal.id.toString(), proposal.summary, proposal.tool, proposal.agent, step.view());
    }

    public long count(Scope scope, List<ProposalStatus> statuses) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "SELECT count(*) FROM ProposalRow WHERE status IN (:statuses)", Long.class)
                        .setParameter("statuses", wires(statuses))
                        .getSingleResult());
    }

    private List<ProposalView> list(
            Scope scope,
            List<ProposalStatus> statuses,
            @Nullable String part,
            int limit,
            String order,
            @Nullable UUID after,
            boolean rendered) {
        return orm.tx(scope, tx -> {
            var query = tx.session()
                    .createSelectionQuery(
                            "FROM ProposalRow p WHERE p.status IN (:statuses)" + (after == null ? "" : BEHIND)
                                    + (part == null ? "" : NAMED) + " ORDER BY " + order,
                            ProposalRow.class)
                    .setParameter("statuses", wires(statuses))
                    .setMaxResults(limit);
            if (after != null) {
                query.setParameter("after", after);
            }
            if (part != null) {
                query.setParameter("begins", part + "%").setParameter("ends", "%" + part);
            }
            return query.getResultList()
                    .chain(rows -> revisions(tx, rows)
                            .map(current -> rows.stream()
                                    .map(row -> Views.item(row, current.get(row.id), rendered))
                                    .toList()));
        });
    }

    private static List<String> wires(List<ProposalStatus> statuses) {
        return (statuses.isEmpty() ? List.of(ProposalStatus.values()) : statuses)
                .stream().map(ProposalStatus::wire).toList();
    }

    Uni<ProposalView> view(OrmTx tx, ProposalRow row) {
        return store.current(tx, row)
                .chain(revision -> store.decisions(tx, row.id)
                        .chain(decisions ->
                                store.steps(tx, row).map(steps -> Views.whole(row, revision, decisions, steps))));
    }

    private static Uni<Map<UUID, RevisionRow>> revisions(OrmTx tx, List<ProposalRow> rows) {
        if (rows.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return tx.session()
                .createSelectionQuery(
                        "FROM RevisionRow r WHERE r.proposalId IN (:ids) AND r.revision ="
                                + " (SELECT p.revision FROM ProposalRow p WHERE p.id = r.proposalId)",
                        RevisionRow.class)
                .setParameter("ids", rows.stream().map(row -> row.id).toList())
                .getResultList()
                .map(found -> found.stream().collect(Collectors.toMap(r -> r.proposalId, Function.identity())));
    }

    /** Rows to the wire. */
    private static final class Views {
        private Views() {}

        static ProposalView item(ProposalRow row, @Nullable RevisionRow revision, boolean rendered) {
            return view(row, revision, null, null, rendered);
        }

        static ProposalView whole(
                ProposalRow row, RevisionRow revision, List<DecisionRow> decisions, List<StepRow> steps) {
            return view(row, revision, decisions, steps, true);
        }

        private static ProposalView view(
                ProposalRow row,
                @Nullable RevisionRow revision,
                @Nullable List<DecisionRow> decisions,
                @Nullable List<StepRow> steps,
                boolean rendered) {
            String result = row.result();
            return new ProposalView(
                    row.id.toString(),
                    row.tool,
                    row.agent,
                    row.status(),
                    row.risk,
                    row.summary,
                    row.taskId,
                    row.conversationId,
                    row.createdAt,
                    row.updatedAt,
                    row.expiresAt(),
                    revision == null ? Json.MAPPER.createObjectNode() : revision.arguments(),
                    row.revision,
                    row.digest,
                    row.tainted,
                    row.sessionId,
                    row.interactionId,
                    row.reason(),
                    result == null ? null : Json.read(result, JsonNode.class),
                    rendered && revision != null ? revision.rendering() : null,
                    rendered && revision != null ? revision.facts() : null,
                    decisions == null
                            ? null
                            : decisions.stream().map(DecisionRow::view).toList(),
                    steps == null ? null : steps.stream().map(StepRow::view).toList());
        }
    }
}

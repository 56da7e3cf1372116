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
    private final Orm orm;
    private final ProposalStore store;

    ProposalQueries(Orm orm, ProposalStore store) {
        this.orm = orm;
        this.store = store;
    }

    /** One proposal with everything about it. */
    public ProposalView one(Scope scope, UUID id) {
        return orm.tx(scope, tx -> store.find(tx, id).chain(row -> view(tx, row)));
    }

    /** The newest of some states, of all when none is named; without their rendering and history. */
    public List<ProposalView> list(Scope scope, List<ProposalStatus> statuses, int limit) {
        List<String> wires = (statuses.isEmpty() ? List.of(ProposalStatus.values()) : statuses)
                .stream().map(ProposalStatus::wire).toList();
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "FROM ProposalRow WHERE status IN (:statuses) ORDER BY createdAt DESC, id DESC",
                                ProposalRow.class)
                        .setParameter("statuses", wires)
                        .setMaxResults(limit)
                        .getResultList()
                        .chain(rows -> revisions(tx, rows)
                                .map(current -> rows.stream()
                                        .map(row -> Views.item(row, current.get(row.id)))
                                        .toList())));
    }

    Uni<ProposalView> view(OrmTx tx, ProposalRow row) {
        return store.current(tx, row)
                .chain(revision -> store.decisions(tx, row.id)
                        .chain(decisions ->
                                store.steps(tx, row.id).map(steps -> Views.whole(row, revision, decisions, steps))));
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

        static ProposalView item(ProposalRow row, @Nullable RevisionRow revision) {
            return view(row, revision, null, null, false);
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
                boolean whole) {
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
                    whole && revision != null ? revision.rendering() : null,
                    whole && revision != null ? revision.facts() : null,
                    decisions == null
                            ? null
                            : decisions.stream().map(DecisionRow::view).toList(),
                    steps == null ? null : steps.stream().map(StepRow::view).toList());
        }
    }
}

package org.capitania.approval.proposal;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.jspecify.annotations.Nullable;

/** What people decided about drafts, as the record of corrections (chapter 39.2): an approval of what was edited before is told by the edit. */
@ApplicationScoped
class EditQueries {

    /** Which; {@code after} is the last one of an earlier page. */
    record Filter(
            @Nullable String agent,
            @Nullable String tool,
            @Nullable Instant since,
            @Nullable UUID after,
            int limit) {}

    private static final String ALL = """
            SELECT d, p FROM DecisionRow d JOIN ProposalRow p ON p.id = d.proposalId
             WHERE (d.decision IN ('edit', 'reject')
                    OR d.decision = 'approve' AND NOT EXISTS (SELECT 1 FROM DecisionRow e WHERE e.proposalId = d.proposalId AND e.decision = 'edit'))
            """;

    private final Orm orm;

    EditQueries(Orm orm) {
        this.orm = orm;
    }

    /** Newest first. */
    List<Edit> list(Scope scope, Filter filter) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        StringBuilder query = new StringBuilder(ALL);
        add(query, parameters, " AND p.agent = :agent", "agent", filter.agent());
        add(query, parameters, " AND p.tool = :tool", "tool", filter.tool());
        add(query, parameters, " AND d.decidedAt >= :since", "since", filter.since());
        add(
                query,
                parameters,
                " AND EXISTS (SELECT 1 FROM DecisionRow a WHERE a.id = :after"
                        + " AND (d.decidedAt < a.decidedAt OR d.decidedAt = a.decidedAt AND d.id < a.id))",
                "after",
                filter.after());
        query.append(" ORDER BY d.decidedAt DESC, d.id DESC");
        return orm.tx(scope, tx -> {
            var selection = tx.session()
                    .createSelectionQuery(query.toString(), Object[].class)
                    .setMaxResults(filter.limit());
            parameters.forEach(selection::setParameter);
            return selection
                    .getResultList()
                    .map(found -> found.stream()
                            .map(pair -> EditRecord.of((DecisionRow) pair[0], (ProposalRow) pair[1]))
                            .toList());
        });
    }

    private static void add(
            StringBuilder query,
            Map<String, Object> parameters,
            String condition,
            String name,
            @Nullable Object value) {
        if (value != null) {
            query.append(condition);
            parameters.put(name, value);
        }
    }
}

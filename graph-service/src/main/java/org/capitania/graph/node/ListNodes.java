package org.capitania.graph.node;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.types.TypeCatalogue;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Pages of nodes by filter, newest first. */
@ApplicationScoped
class ListNodes {
    private final Sql sql;
    private final TypeCatalogue types;

    ListNodes(Sql sql, TypeCatalogue types) {
        this.sql = sql;
        this.types = types;
    }

    NodeView.Page list(Scope scope, NodeFilter filter) {
        filter.check(types);
        Where where = new Where();
        if (!filter.types().isEmpty()) {
            where.and("n.type = ANY (%s)", (Object) filter.types().toArray(String[]::new));
        }
        where.andIf("n.status = %s", filter.status());
        where.andIf("n.priority = %s", filter.priority());
        where.andIf("n.tags @> ARRAY[%s::text]", filter.tag());
        where.andIf("n.external_source = %s", filter.externalSource());
        where.andIf("n.external_id = %s", filter.externalId());
        where.andIf("n.full_text @@ search_query(%s)", filter.words());
        where.andIf("n.id < %s", filter.after());
        filter.props()
                .forEach((name, value) -> where.anyOf("n.props @> %s::text::jsonb", NodeFilter.forms(name, value)));
        if (!filter.archived()) {
            where.and("n.archived_at IS NULL");
        }
        String query = "SELECT " + Rows.NODE + " FROM v_nodes AS n WHERE " + where.sql + " ORDER BY n.id DESC LIMIT "
                + (filter.limit() + 1);
        List<NodeView> items = sql.tx(scope, tx -> {
            List<NodeView> all = new ArrayList<>();
            for (Row row : tx.query(query, where.args.toArray())) {
                all.add(Rows.node(row));
            }
            return all;
        });
        if (items.size() <= filter.limit()) {
            return new NodeView.Page(items, null);
        }
        List<NodeView> page = items.subList(0, filter.limit());
        return new NodeView.Page(page, page.getLast().id());
    }

    /** Conditions with their parameters; nothing of a caller ever becomes SQL text. */
    private static final class Where {
        private final StringBuilder sql = new StringBuilder("true");
        private final List<Object> args = new ArrayList<>();

        void andIf(String condition, @Nullable Object arg) {
            if (arg != null) {
                and(condition, arg);
            }
        }

        void and(String condition, Object... values) {
            sql.append(" AND ").append(numbered(condition, values));
        }

        void anyOf(String condition, String... values) {
            List<String> parts = new ArrayList<>();
            for (String value : values) {
                parts.add(numbered(condition, value));
            }
            sql.append(" AND (").append(String.join(" OR ", parts)).append(')');
        }

        private String numbered(String condition, Object... values) {
            String text = condition;
            for (Object value : values) {
                args.add(value);
                text = text.replaceFirst("%s", "\\$" + args.size());
            }
            return text;
        }
    }
}

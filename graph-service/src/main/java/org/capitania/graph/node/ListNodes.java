package org.capitania.graph.node;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.types.TypeCatalogue;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Pages of nodes by filter, newest first. */
@ApplicationScoped
class ListNodes {
    /** Which plan is good depends on the filter. */
    private static final String OWN_PLANS = "SET LOCAL plan_cache_mode = auto";

    /** Found from the other end, where there is an index for it; the first has an id, the second a slug. */
    private static final String LINKED = """
            n.id IN (SELECT e.from_id FROM v_edges AS e
                      WHERE e.type = %s AND e.to_id = coalesce(%s::uuid, (SELECT o.id FROM v_nodes AS o WHERE o.slug = %s))
                        AND e.valid_from <= clock_timestamp() AND (e.valid_to IS NULL OR e.valid_to > clock_timestamp()))
            """;

    private final Sql sql;
    private final TypeCatalogue types;
    private final PastStore past;

    ListNodes(Sql sql, TypeCatalogue types, PastStore past) {
        this.sql = sql;
        this.types = types;
        this.past = past;
    }

    NodeView.Page list(Scope scope, NodeFilter filter, Moment moment) {
        Where where = where(scope, filter, moment);
        return sql.read(scope, tx -> {
            tx.put(OWN_PLANS);
            Boolean settled = past.settled(tx, moment);
            return page(filter, ask(tx, where), settled);
        });
    }

    /** Several, as they are now, in one transaction. */
    NodeView.Pages lists(Scope scope, List<NodeFilter> filters) {
        List<Where> all = filters.stream()
                .map(filter -> where(scope, filter, new Moment(null, null)))
                .toList();
        return sql.read(scope, tx -> {
            tx.put(OWN_PLANS);
            List<Supplier<List<NodeView>>> asked =
                    all.stream().map(where -> ask(tx, where)).toList();
            List<NodeView.Page> pages = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                pages.add(page(filters.get(i), asked.get(i), null));
            }
            return new NodeView.Pages(pages);
        });
    }

    private static Supplier<List<NodeView>> ask(Tx tx, Where where) {
        Future<RowSet<Row>> rows = tx.send(where.query, where.args.toArray());
        return () -> {
            List<NodeView> all = new ArrayList<>();
            tx.await(rows).forEach(row -> all.add(Rows.node(row)));
            return all;
        };
    }

    private static NodeView.Page page(NodeFilter filter, Supplier<List<NodeView>> asked, @Nullable Boolean settled) {
        List<NodeView> all = asked.get();
        if (all.size() <= filter.limit()) {
            return new NodeView.Page(all, null, settled);
        }
        List<NodeView> page = all.subList(0, filter.limit());
        return new NodeView.Page(page, page.getLast().id(), settled);
    }

    private Where where(Scope scope, NodeFilter filter, Moment moment) {
        check(scope, filter);
        if (!filter.linked().isEmpty() && !moment.isNow()) {
            String name = "/to." + filter.linked().keySet().iterator().next();
            throw NodesResource.fault(name, "as of another time", "a list of now");
        }
        Where where = new Where();
        String from = moment.isNow()
                ? "v_nodes AS n"
                : where.numbered(
                        "nodes_as_of(%s::timestamptz, %s::timestamptz) AS n", db(moment.asOf()), db(moment.at()));
        if (!filter.types().isEmpty()) {
            where.and("n.type = ANY (%s)", (Object) filter.types().toArray(String[]::new));
        }
        if (!filter.statuses().isEmpty()) {
            where.and("n.status = ANY (%s)", (Object) filter.statuses().toArray(String[]::new));
        }
        where.andIf("n.priority = %s", filter.priority());
        where.andIf("n.tags @> ARRAY[%s::text]", filter.tag());
        where.andIf("n.external_source = %s", filter.externalSource());
        where.andIf("n.external_id = %s", filter.externalId());
        where.andIf("n.producer_id = %s", filter.producer());
        where.andIf("n.full_text @@ search_query(%s)", filter.words());
        where.andIf("n.id < %s", filter.after());
        filter.props()
                .forEach((name, value) -> where.anyOf("n.props @> %s::text::jsonb", NodeFilter.forms(name, value)));
        filter.least()
                .forEach(
                        (name, number) -> where.and("n.props @@ %s::text::jsonpath", NodeFilter.atLeast(name, number)));
        filter.linked()
                .forEach((type, ref) -> where.and(LINKED, type, Ref.uuid(ref).orElse(null), ref));
        where.andIf("n.tainted = %s", filter.tainted());
        if (!filter.archived()) {
            where.and("n.archived_at IS NULL");
        }
        where.query = "SELECT " + Rows.NODE + " FROM " + from + " WHERE " + where.sql + " ORDER BY n.id DESC LIMIT "
                + (filter.limit() + 1);
        return where;
    }

    private static @Nullable OffsetDateTime db(@Nullable Instant time) {
        return time == null ? null : Times.db(time);
    }

    private void check(Scope scope, NodeFilter filter) {
        try {
            filter.check(types.of(scope));
        } catch (CapitaniaException e) {
            // What this process does not know may be new.
            filter.check(types.reread(scope));
        }
    }

    /** Conditions with their parameters; nothing of a caller ever becomes SQL text. */
    private static final class Where {
        private final StringBuilder sql = new StringBuilder("true");
        private final List<@Nullable Object> args = new ArrayList<>();
        private String query = "";

        void andIf(String condition, @Nullable Object arg) {
            if (arg != null) {
                and(condition, arg);
            }
        }

        void and(String condition, @Nullable Object... values) {
            sql.append(" AND ").append(numbered(condition, values));
        }

        void anyOf(String condition, String... values) {
            List<String> parts = new ArrayList<>();
            for (String value : values) {
                parts.add(numbered(condition, value));
            }
            sql.append(" AND (").append(String.join(" OR ", parts)).append(')');
        }

        private String numbered(String condition, @Nullable Object... values) {
            String text = condition;
            for (@Nullable Object value : values) {
                args.add(value);
                text = text.replaceFirst("%s", "\\$" + args.size());
            }
            return text;
        }
    }
}

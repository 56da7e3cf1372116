package org.capitania.graph.gap;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.capitania.contract.api.Gap;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Reads the gap views. */
@ApplicationScoped
class GapQueries {
    private static final String RANK = "array_position(ARRAY['nice', 'impactful', 'blocker'], g.severity)";
    private static final String SUMMARIES = Arrays.stream(GapView.values())
            .map(gap -> """
                    SELECT '%s' AS gap, count(*) AS rows, min(g.since) AS oldest,
                           (ARRAY['nice', 'impactful', 'blocker'])[max(%s)] AS worst
                      FROM %s AS g
                    """.formatted(gap.name(), RANK, gap.view()))
            .collect(Collectors.joining("UNION ALL\n"));
    private static final String PAGE = """
            SELECT g.severity, g.since, g.node_ids, g.sentence, n.slug, n.type, %1$s AS rank,
                   EXISTS (SELECT 1 FROM v_nodes AS t WHERE t.id = ANY (g.node_ids) AND t.tainted) AS tainted
              FROM %2$s AS g
              JOIN v_nodes AS n ON n.id = g.node_ids[1]
             WHERE $1::integer IS NULL OR (-%1$s, g.since, g.node_ids[1]) > (-$1::integer, $2::timestamptz, $3::uuid)
             ORDER BY %1$s DESC, g.since, g.node_ids[1]
             LIMIT $4
            """;

    private final Sql sql;
    private final Clock clock;

    GapQueries(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    Gap.Summaries summaries(Scope scope, @Nullable Instant at) {
        return sql.tx(scope, tx -> {
            Instant seen = seenAt(tx, at);
            Map<GapView, Gap.Summary> found = new EnumMap<>(GapView.class);
            for (Row row : tx.query(SUMMARIES)) {
                GapView gap = GapView.valueOf(row.getString("gap"));
                Instant oldest = Times.instantOrNull(row, "oldest");
                found.put(
                        gap,
                        new Gap.Summary(
                                gap.wireName(),
                                gap.description,
                                gap.agent,
                                row.getLong("rows"),
                                row.getString("worst"),
                                oldest,
                                oldest == null ? null : age(oldest, seen)));
            }
            return new Gap.Summaries(List.copyOf(found.values()), seen);
        });
    }

    Gap.Page page(Scope scope, GapView gap, @Nullable Instant at, @Nullable Cursor after, int limit) {
        return sql.tx(scope, tx -> {
            Instant seen = seenAt(tx, at);
            List<Gap> items = new ArrayList<>();
            String next = null;
            Cursor last = null;
            for (Row row : tx.query(
                    PAGE.formatted(RANK, gap.view()),
                    after == null ? null : after.rank(),
                    after == null ? null : Times.db(after.since()),
                    after == null ? null : after.id(),
                    limit + 1)) {
                if (items.size() == limit && last != null) {
                    next = last.text();
                    break;
                }
                UUID[] ids = row.getArrayOfUUIDs("node_ids");
                Instant since = Times.instant(row, "since");
                last = new Cursor(row.getInteger("rank"), since, ids[0]);
                items.add(new Gap(
                        row.getString("severity"),
                        since,
                        age(since, seen),
                        Arrays.stream(ids).map(UUID::toString).toList(),
                        row.getString("type"),
                        row.getString("slug"),
                        row.getString("sentence"),
                        row.getBoolean("tainted")));
            }
            return new Gap.Page(gap.wireName(), gap.description, gap.agent, items, next);
        });
    }

    private Instant seenAt(Tx tx, @Nullable Instant at) {
        if (at == null) {
            return clock.instant();
        }
        tx.query("SELECT set_config('hq.at', $1, true)", at.toString());
        return at;
    }

    private static long age(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toSeconds());
    }
}

package org.capitania.graph.cypher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.Cypher;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Answers Cypher from the tenant's own graph in AGE, brought up to date first. AGE's SET and DELETE heed neither a read-only
 * transaction nor rights on its tables, so that three things hold: what the plan says would write is refused, the role that runs it
 * may only read, and what it did is rolled back in any case.
 */
@ApplicationScoped
class CypherQueries {
    private static final int FEW = 100;
    private static final int MOST = 1000;
    private static final String MISSING =
            "this database has no Apache AGE, which Cypher needs; the container image deploy/postgres"
                    + " has it. hq search, hq describe and hq timeline do without";

    private final Sql sql;
    private final CypherConfig config;

    CypherQueries(Sql sql, CypherConfig config) {
        this.sql = sql;
        this.config = config;
    }

    Cypher.Availability availability(Scope scope) {
        Optional<String> version = sql.tx(scope, tx -> tx.one("""
                SELECT extversion FROM pg_extension
                 WHERE extname = 'age' AND EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'graph_cypher')
                """).map(row -> row.getString("extversion")));
        return new Cypher.Availability(version.isPresent(), version.orElse(null), version.isPresent() ? null : MISSING);
    }

    Cypher.Result ask(Scope scope, Cypher wanted) {
        if (!availability(scope).available()) {
            throw new CapitaniaException(ErrorCode.NOT_CONFIGURED, MISSING);
        }
        int limit = wanted.limit() == null ? FEW : wanted.limit();
        if (limit < 1 || limit > MOST) {
            throw CypherText.refused("/limit is " + limit + "; expected 1 to " + MOST);
        }
        CypherText query = CypherText.of(wanted.query());
        if (query.takesParameters() && wanted.parameters() == null) {
            throw CypherText.refused(
                    "/parameters is absent and the query has some; expected an object with their values");
        }
        Row graph = refreshed(scope);
        List<List<JsonNode>> rows;
        try {
            rows = sql.tx(scope, tx -> run(tx, graph.getString("graph"), query, wanted.parameters(), limit + 1));
        } catch (PgException e) {
            throw failed(e);
        }
        boolean truncated = rows.size() > limit;
        return new Cypher.Result(
                query.columns(),
                truncated ? rows.subList(0, limit) : rows,
                truncated,
                Times.instant(graph, "as_of"),
                graph.getLong("nodes"),
                graph.getLong("edges"));
    }

    private Row refreshed(Scope scope) {
        try {
            return sql.tx(scope, tx -> {
                timeout(tx, config.refreshTimeout());
                return tx.one("SELECT graph, as_of, nodes, edges FROM cypher_refresh()")
                        .orElseThrow();
            });
        } catch (PgException e) {
            if ("57014".equals(e.getSqlState())) {
                throw new CapitaniaException(
                        ErrorCode.PEER_TIMEOUT,
                        "the graph could not be copied in "
                                + config.refreshTimeout().toSeconds()
                                + " s; hq.cypher.refresh-timeout says how long it may take",
                        e);
            }
            throw e;
        }
    }

    private List<List<JsonNode>> run(
            Tx tx, String graph, CypherText query, @Nullable ObjectNode parameters, int limit) {
        String names = columns(query, "c%d");
        String statement = "SELECT " + columns(query, "ag_catalog.agtype_out(c%1$d)::text AS c%1$d")
                + " FROM ag_catalog.cypher('" + graph
                + "', " + CypherText.QUOTE + query.text() + CypherText.QUOTE + (query.takesParameters() ? ", $1" : "")
                + ") AS ("
                + columns(query, "c%d ag_catalog.agtype") + ") LIMIT " + limit;
        Object[] args =
                parameters == null || !query.takesParameters() ? new Object[0] : new Object[] {Json.write(parameters)};
        tx.execute("SAVEPOINT cypher");
        timeout(tx, config.timeout());
        tx.execute("SET TRANSACTION READ ONLY");
        tx.execute("SET LOCAL search_path = ag_catalog, pg_catalog");
        tx.execute("SET LOCAL ROLE graph_cypher");
        refuseWrites(Json.read(
                String.valueOf(tx.query("EXPLAIN (FORMAT JSON) " + statement, args)
                        .iterator()
                        .next()
                        .getValue(0)),
                JsonNode.class));
        List<List<JsonNode>> rows = new ArrayList<>();
        for (Row row : tx.query(statement, args)) {
            List<JsonNode> values = new ArrayList<>();
            for (int i = 0; i < query.columns().size(); i++) {
                values.add(AgeValue.json(row.getString(i)));
            }
            rows.add(values);
        }
        // A path of any length leaves the whole graph in the connection's memory, which is not this tenant's alone.
        tx.query("SELECT ag_catalog.age_delete_global_graphs(NULL)");
        tx.execute("ROLLBACK TO SAVEPOINT cypher");
        return rows;
    }

    private static void timeout(Tx tx, Duration most) {
        tx.query("SELECT set_config('statement_timeout', $1, true)", Long.toString(most.toMillis()));
    }

    private static String columns(CypherText query, String form) {
        return IntStream.range(0, query.columns().size())
                .mapToObj(form::formatted)
                .collect(Collectors.joining(", "));
    }

    /** AGE's nodes of a plan are its writing clauses, and nothing else. */
    static void refuseWrites(JsonNode plan) {
        plan.findValuesAsText("Custom Plan Provider").stream()
                .filter(provider -> provider.startsWith("Cypher"))
                .findFirst()
                .ifPresent(provider -> {
                    throw readOnly();
                });
    }

    private static CapitaniaException readOnly() {
        return new CapitaniaException(
                ErrorCode.DENIED,
                "Cypher only reads here; a change is made by POST /v1/mutations, with its source and reason");
    }

    private CapitaniaException failed(PgException e) {
        return switch (String.valueOf(e.getSqlState())) {
            // CREATE and MERGE ask for rights and a transaction that are not theirs already when they are read.
            case "25006", "42501" -> readOnly();
            case "57014" ->
                new CapitaniaException(
                        ErrorCode.PEER_TIMEOUT,
                        "the query took longer than " + config.timeout().toSeconds()
                                + " s; ask for less, or let hq.cypher.timeout be longer",
                        e);
            case "XX000", "58000", "53200" -> {
                Log.warnf("a query in Cypher failed state=%s", e.getSqlState());
                yield new CapitaniaException(
                        ErrorCode.SCHEMA_VIOLATION, "AGE cannot answer this: " + e.getErrorMessage(), e);
            }
            default ->
                new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "AGE refuses the query: " + e.getErrorMessage(), e);
        };
    }
}

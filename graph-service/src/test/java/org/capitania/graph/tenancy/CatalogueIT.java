package org.capitania.graph.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/** Everything the catalogue lists that the service's role may read or call: asked for a stranger, none of it shows or changes another tenant's rows. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class CatalogueIT {
    private static final String RELATIONS = """
            SELECT c.relname FROM pg_class AS c
             WHERE c.relnamespace = 'graph'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege('graph', c.oid, 'SELECT')
               AND c.relname <> 'flyway_schema_history' ORDER BY c.relname""";
    private static final String FUNCTIONS = """
            SELECT p.oid::regprocedure::text, p.proname, p.proretset,
                   ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS a(t, n) ORDER BY n),
                   coalesce(p.proargnames, '{}')
              FROM pg_proc AS p
             WHERE p.pronamespace = 'graph'::regnamespace AND p.prokind IN ('f', 'w') AND p.prorettype <> 'trigger'::regtype
               AND has_function_privilege('graph', p.oid, 'EXECUTE') ORDER BY 1""";

    @Test
    void shouldShowNoRowOfAnotherTenantByAnyTableOrView() throws SQLException {
        // Given
        Veiled veiled = Veiled.make();
        // Then
        Set<String> showing = new TreeSet<>();
        for (List<Object> row : asAdmin(RELATIONS)) {
            String relation = (String) row.getFirst();
            String seen = "SELECT count(*) FROM graph." + relation
                    + " AS r WHERE r::text LIKE '%' || ? || '%' OR r::text LIKE '%' || ? || '%'";
            try (DirectSql stranger = DirectSql.as("graph", "other")) {
                assertThat(stranger.query(seen, veiled.word(), veiled.deep()))
                        .as(relation)
                        .isEqualTo(0L);
            }
            try (DirectSql owner = DirectSql.as("graph", "main")) {
                if (!owner.query(seen, veiled.word(), veiled.deep()).equals(0L)) {
                    showing.add(relation);
                }
            }
            assertThat(withoutTenant(relation))
                    .as(relation + " without a tenant")
                    .isZero();
        }
        assertThat(showing)
                .contains(
                        "nodes",
                        "v_nodes",
                        "edges",
                        "v_edges",
                        "history_nodes",
                        "history_edges",
                        "outbox",
                        "types",
                        "v_gap_invoices_past_due");
    }

    @Test
    void shouldShowAndChangeNothingOfAnotherTenantByAnyFunction() throws SQLException {
        // Given
        Veiled veiled = Veiled.make();
        Map<String, String> before = veiled.digests();
        String sealed =
                (String) asAdmin("SELECT row::text FROM graph.history_nodes WHERE id = '" + veiled.contact() + "'")
                        .getFirst()
                        .getFirst();
        assertThat(sealed).contains("\"sealed\"").doesNotContain(veiled.word());
        // When
        List<List<Object>> functions = asAdmin(FUNCTIONS);
        Set<String> answered = new TreeSet<>();
        for (List<Object> function : functions) {
            for (String call : calls(function, veiled, sealed)) {
                try (DirectSql stranger = DirectSql.as("graph", "other")) {
                    String answer = stranger.rows("SELECT r::text FROM " + call + " AS r")
                            .toString();
                    veiled.assertNotIn(answer, call);
                    stranger.commit();
                    answered.add((String) function.get(1));
                } catch (SQLException refused) {
                    // A refusal must not tell either.
                    veiled.assertNotIn(String.valueOf(refused.getMessage()), call);
                }
            }
        }
        // Then
        assertThat(veiled.digests()).isEqualTo(before);
        assertThat(answered)
                .contains(
                        "touched",
                        "node_as_of",
                        "nodes_as_of",
                        "edges_of",
                        "unsealed",
                        "outbox_replay",
                        "history_replay");
    }

    @Test
    void shouldBindEveryKeyAndPolicyToTheTenant() throws SQLException {
        // Foreign keys lead from a tenant to the same.
        assertThat(asAdmin("""
                SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint AS k
                 WHERE k.connamespace = 'graph'::regnamespace AND k.contype = 'f'
                   AND NOT EXISTS (SELECT 1 FROM unnest(k.conkey, k.confkey) AS pair(here, there)
                                     JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = pair.here AND a.attname = 'tenant_id'
                                     JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = pair.there AND b.attname = 'tenant_id')""")).isEmpty();
        // What is unique or excluded is so in one tenant: else a refusal tells of another's row. The outbox draws its
        // own numbers.
        assertThat(asAdmin("""
                SELECT i.indexrelid::regclass::text FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
                 WHERE c.relnamespace = 'graph'::regnamespace AND c.relname <> 'flyway_schema_history' AND (i.indisunique OR i.indisexclusion)
                   AND NOT EXISTS (SELECT 1 FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = 'tenant_id')""")).containsExactly(List.of("graph.outbox_pk"));
        // Every policy of the service's role, or of everybody, asks for the tenant, for what is read and for what is
        // written.
        assertThat(asAdmin("""
                SELECT p.tablename, p.policyname FROM pg_policies AS p
                 WHERE p.schemaname = 'graph' AND p.roles && ARRAY['graph', 'public']::name[]
                   AND (coalesce(p.qual, '') || coalesce(p.with_check, '') = ''
                        OR coalesce(p.qual, 'current_tenant()') NOT LIKE '%current_tenant()%'
                        OR coalesce(p.with_check, 'current_tenant()') NOT LIKE '%current_tenant()%'
                        OR p.qual LIKE '% OR %')""")).isEmpty();
        assertThat(asAdmin("SELECT policyname FROM pg_policies WHERE schemaname = 'graph' AND tablename = 'nodes'"))
                .contains(List.of("one_tenant"));
    }

    private static long withoutTenant(String relation) throws SQLException {
        try (Connection service = TestPostgres.shared().connectAs("graph");
                Statement statement = service.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM graph." + relation)) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException refused) {
            assertThat(refused.getMessage()).contains("hq.tenant is not set");
            return 0;
        }
    }

    /** The function called with each thing of the other tenant that fits its arguments; what it is told to be the tenant is the stranger's. */
    private static List<String> calls(List<Object> function, Veiled veiled, String sealed) {
        String[] types = (String[]) function.get(3);
        String[] names = (String[]) function.get(4);
        List<List<String>> all = new ArrayList<>();
        all.add(List.of());
        for (int i = 0; i < types.length; i++) {
            String name = i < names.length ? names[i] : "";
            List<List<String>> longer = new ArrayList<>();
            for (List<String> args : all) {
                for (String value : values(types[i], name, veiled, sealed)) {
                    List<String> more = new ArrayList<>(args);
                    more.add(value + "::" + types[i]);
                    longer.add(more);
                }
            }
            all = longer;
        }
        return all.stream()
                .map(args -> "graph." + function.get(1) + "(" + String.join(", ", args) + ")")
                .toList();
    }

    private static List<String> values(String type, String name, Veiled veiled, String sealed) {
        String task = veiled.ids().get(7);
        Map<String, List<String>> byType = new LinkedHashMap<>();
        byType.put("uuid", List.of("'" + task + "'", "'" + veiled.contact() + "'", "'" + veiled.mutation() + "'"));
        byType.put("uuid[]", List.of("ARRAY['" + task + "', '" + veiled.contact() + "']"));
        byType.put("text", List.of("'task-" + veiled.lantern() + "'"));
        byType.put("text[]", List.of("ARRAY['hq.graph.nodes', 'hq.graph.edges', 'hq.task']"));
        byType.put("timestamp with time zone", List.of("NULL", "'2099-01-01'"));
        byType.put("interval", List.of("'1 day'"));
        byType.put("integer", List.of("1"));
        byType.put("bigint", List.of("1"));
        byType.put("numeric", List.of("1"));
        byType.put("boolean", List.of("true"));
        byType.put("jsonb", List.of("'" + sealed + "'", """
                '{"refs": [{"t": "a", "id": "%1$s", "whole": true}, {"t": "b", "slug": "task-%2$s", "whole": true},
                           {"t": "c", "type": "task", "source": "%3$s", "external": "%2$s", "whole": true}],
                  "links": [], "edges": [], "slugs": ["task-%2$s"], "lock": ["%1$s"], "clean": [], "nodes": [], "ended": [], "bounds": [], "events": [],
                  "patches": [{"id": "%1$s", "version": 1, "slug": "task-%2$s", "status": "done", "props": {"title": "theirs"}, "tainted": false}]}'""".formatted(task, veiled.lantern(), Veiled.SOURCE)));
        if (name.equals("tenant")) {
            return List.of("'other'");
        }
        if (name.equals("kind")) {
            return List.of("'node'");
        }
        // A row type, a query: nothing of it can be sent.
        return byType.getOrDefault(type, List.of("NULL"));
    }

    private static List<List<Object>> asAdmin(String sql) throws SQLException {
        try (Connection admin = TestPostgres.shared().connect();
                Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<List<Object>> all = new ArrayList<>();
            while (rows.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    Object value = rows.getObject(i);
                    row.add(value instanceof java.sql.Array array ? array.getArray() : value);
                }
                all.add(row);
            }
            return all;
        }
    }
}

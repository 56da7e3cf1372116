package org.capitania.graph.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class FocusIT {
    private static final GraphApi COMPANY = new GraphApi("user:elsewhere", "other");
    private static final String PROJECT =
            "{\"op\": \"create\", \"ref\": \"p%1$d\", \"type\": \"project\", \"priority\": \"%2$s\", \"props\": {\"name\": \"P\"}}";

    @BeforeEach
    void nothingIsInFocus() {
        for (NodeView project : focus()) {
            patch(project.id(), "next");
        }
    }

    @Test
    void shouldNameTheThreeWhenAFourthProjectShallBeInFocus() {
        // Given
        List<String> slugs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            slugs.add(COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", i, "focus")
                    .byRef("p" + i)
                    .slug());
        }
        String fourth = COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 3, "now")
                .byRef("p3")
                .id();
        // When
        Response created = COMPANY.post("{\"ops\": [" + PROJECT + "]}", 4, "focus");
        Response patched =
                COMPANY.post("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"priority\": \"focus\"}]}", fourth);
        // Then
        for (Response refused : List.of(created, patched)) {
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.jsonPath().getString("code")).isEqualTo("focus_cap");
            assertThat(refused.jsonPath().getString("detail")).contains(slugs);
        }
        assertThat(focus()).hasSize(3);
        // And one batch may move one out and another in, in either order.
        COMPANY.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "priority": "focus"}, {"op": "patch", "id": "%s", "priority": "now"}]}""", fourth, slugs.getFirst());
        COMPANY.mutate(
                "{\"ops\": [" + PROJECT + ", {\"op\": \"patch\", \"id\": \"%3$s\", \"priority\": \"now\"}]}",
                5,
                "focus",
                fourth);
        assertThat(focus()).hasSize(3);
        // And an archived project is in nobody's focus.
        COMPANY.mutate("{\"ops\": [{\"op\": \"archive\", \"id\": \"%s\"}]}", slugs.get(1));
        COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 6, "focus");
    }

    @Test
    void shouldFreeItsPlaceAtOnceWhenAProjectIsDone() {
        // Given
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", i, "focus")
                    .byRef("p" + i)
                    .id());
        }
        // When
        status(ids.get(0), "done");
        COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 3, "focus");
        status(ids.get(1), "cancelled");
        COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 4, "focus");
        // Then: what is taken up again needs a place again
        Response again = COMPANY.post(
                "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"in_progress\"}]}", ids.getFirst());
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.jsonPath().getString("code")).isEqualTo("focus_cap");
    }

    @Test
    void shouldNameTheThreeWhenARollbackWouldPutAFourthInFocus() {
        // Given: one moved out, and another in
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", i, "focus")
                    .byRef("p" + i)
                    .id());
        }
        MutationResult out = COMPANY.mutate(
                "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"priority\": \"now\"}]}", ids.getFirst());
        String fourth = COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 3, "focus")
                .byRef("p3")
                .slug();
        // When
        Response refused = COMPANY.request()
                .body("{\"mutation_id\": \"" + out.auditEventId() + "\"}")
                .post("/v1/rollbacks");
        // Then
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("focus_cap");
        assertThat(refused.jsonPath().getString("detail")).contains(fourth);
        assertThat(focus()).hasSize(3);
    }

    @Test
    void shouldLetThreeThroughWhenManyComeAtOnce() throws Exception {
        // Given
        int many = 12;
        List<Future<Integer>> answers = new ArrayList<>();
        // When
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < many; i++) {
                int n = i;
                answers.add(threads.submit(() ->
                        COMPANY.post("{\"ops\": [" + PROJECT + "]}", n, "focus").statusCode()));
            }
        }
        // Then
        List<Integer> codes = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            codes.add(answer.get());
        }
        assertThat(codes).filteredOn(code -> code == 200).hasSize(3);
        assertThat(codes).filteredOn(code -> code == 409).hasSize(many - 3);
        assertThat(focus()).hasSize(3);
    }

    @Test
    void shouldHoldWhenSomebodyWritesSqlByHand() throws SQLException {
        // Given
        COMPANY.mutate(
                "{\"ops\": [" + PROJECT + "," + PROJECT.replace("%1$d", "%3$d") + "," + PROJECT.replace("%1$d", "%4$d")
                        + "]}",
                0,
                "focus",
                1,
                2);
        String fourth = COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 3, "now")
                .byRef("p3")
                .id();
        // Then
        try (DirectSql sql = DirectSql.as("graph", "other")) {
            sql.execute("UPDATE nodes SET priority = 'focus' WHERE id = ?::uuid", fourth);
            assertThatThrownBy(sql::commit).isInstanceOf(SQLException.class).hasMessageContaining("project-");
        }
        assertThat(focus()).hasSize(3);
    }

    @Test
    void shouldHoldWhenSomebodyWritesFromAnOlderSnapshot() throws SQLException {
        // Given: two in focus, and a transaction that sees no more than these
        COMPANY.mutate("{\"ops\": [" + PROJECT + "," + PROJECT.replace("%1$d", "%3$d") + "]}", 0, "focus", 1);
        String late = COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 3, "now")
                .byRef("p3")
                .id();
        try (DirectSql sql = DirectSql.as("graph", "other")) {
            sql.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            sql.commit();
            sql.begin("other");
            // When
            COMPANY.mutate("{\"ops\": [" + PROJECT + "]}", 4, "focus");
            sql.execute("UPDATE nodes SET priority = 'focus' WHERE id = ?::uuid", late);
            // Then
            assertThatThrownBy(sql::commit).isInstanceOf(SQLException.class).hasMessageContaining("READ COMMITTED");
        }
        assertThat(focus()).hasSize(3);
    }

    private static List<NodeView> focus() {
        return COMPANY.get("/v1/nodes", Map.of("type", "project", "priority", "focus"), NodeView.Page.class)
                .items();
    }

    private static void status(String id, String status) {
        COMPANY.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"%s\"}]}", id, status);
    }

    private static void patch(String id, String priority) {
        COMPANY.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"priority\": \"%s\"}]}", id, priority);
    }
}

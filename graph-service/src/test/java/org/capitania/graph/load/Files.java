package org.capitania.graph.load;

import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.capitania.contract.Json;
import org.capitania.contract.api.LoadReport;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;

/** Files of nodes and edges, sent as their owners send them. */
final class Files {
    private Files() {}

    static LoadReport load(GraphApi api, String key, String file) {
        Response response = post(api, key, file);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.asString());
        }
        return Json.read(response.asString(), LoadReport.class);
    }

    static Response post(GraphApi api, String key, String file) {
        return api.request()
                .contentType("application/x-ndjson")
                .header("Idempotency-Key", key)
                .body(file.getBytes(StandardCharsets.UTF_8))
                .post("/v1/load");
    }

    static String tasks(String key, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i ->
                        "{\"op\": \"create\", \"ref\": \"%1$d\", \"type\": \"task\", \"slug\": \"%2$s-%1$d\", \"tags\": [\"%2$s\"], \"props\": {\"title\": \"%1$d of %2$s\"}}\n"
                                .formatted(i, key))
                .collect(Collectors.joining());
    }

    static long count(String tag) {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            return (Long) sql.query("SELECT count(*) FROM nodes WHERE tags @> ARRAY[?]::text[]", tag);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.capitania.graph;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.testkit.TestTokens;

/** The service under test as its callers see it. */
public record GraphApi(String principal, String tenant) {
    public static final GraphApi OWNER = new GraphApi("user:owner", TestTokens.TENANT);
    public static final GraphApi INGEST = new GraphApi("worker:email_ingest", TestTokens.TENANT);

    /** A name no other test uses. */
    public static String unique(String stem) {
        return stem + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    public RequestSpecification request() {
        return given().header("Authorization", "Bearer " + TestTokens.bearer(principal, Service.GRAPH_SERVICE, tenant))
                .header("X-HQ-Reason", "test")
                .contentType("application/json");
    }

    /** Sends a batch; {@code %s} in it stand for the arguments. */
    public Response post(String batch, Object... args) {
        return request().body(batch.formatted(args)).post("/v1/mutations");
    }

    /** Sends a batch that has to be accepted. */
    public MutationResult mutate(String batch, Object... args) {
        Response response = post(batch, args);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.asString());
        }
        return Json.read(response.asString(), MutationResult.class);
    }

    public NodeView.Detail node(String ref) {
        return get("/v1/nodes/" + ref, Map.of(), NodeView.Detail.class);
    }

    public HistoryEntry.Page history(String ref) {
        return get("/v1/nodes/" + ref + "/history", Map.of(), HistoryEntry.Page.class);
    }

    public GraphSearch.Results search(String words, String... types) {
        Response response = request()
                .body(Json.write(new GraphSearch(words, types.length == 0 ? null : List.of(types), null)))
                .post("/v1/search");
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.asString());
        }
        return Json.read(response.asString(), GraphSearch.Results.class);
    }

    public <T> T get(String path, Map<String, ?> query, Class<T> type) {
        Response response = request().queryParams(query).get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.asString());
        }
        return Json.read(response.asString(), type);
    }
}

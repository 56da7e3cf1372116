package org.capitania.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.testkit.FakePeers.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakePeersTest {
    private FakePeers peers = FakePeers.listen();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        peers.close();
        http.close();
    }

    private HttpResponse<String> get(Service peer, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + FakePeers.port() + path))
                        .header("Authorization", "Bearer " + TestTokens.bearer("agent:chief", peer))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void shouldAnswerByTheLastRouteThatMatchesAndRecordTheRequest() throws Exception {
        peers.on(
                "GET",
                "/v1/nodes/(.*)",
                request -> Map.of("id", request.groups().getFirst()));
        peers.on("GET", "/v1/nodes/b", request -> new Answer(201, Map.of("query", request.query())));

        assertThat(get(Service.GRAPH_SERVICE, "/v1/nodes/a").body()).isEqualTo("{\"id\":\"a\"}");
        assertThat(get(Service.GRAPH_SERVICE, "/v1/nodes/b?x=1").statusCode()).isEqualTo(201);
        assertThat(peers.awaitRequest("GET", "/v1/nodes/b").query()).isEqualTo("x=1");
        assertThat(peers.requests().getFirst().subject()).isEqualTo("agent:chief");
    }

    @Test
    void shouldTellPeersWithTheSamePathApart() throws Exception {
        peers.on(Service.SUPERVISOR, "GET", "/v1/x", request -> Map.of("from", "supervisor"));
        peers.on(Service.TOOL_REGISTRY, "GET", "/v1/x", request -> Map.of("from", "registry"));
        assertThat(get(Service.SUPERVISOR, "/v1/x").body()).contains("supervisor");
        assertThat(get(Service.TOOL_REGISTRY, "/v1/x").body()).contains("registry");
    }

    @Test
    void shouldAnswerAProblemWhenNothingMatchesOrTheRouteThrowsOne() throws Exception {
        assertThat(get(Service.WATCHDOG, "/v1/nothing").body()).contains("not_found", "no fake watchdog answers");
        peers.on("GET", "/v1/x", request -> {
            throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "moved on");
        });
        assertThat(get(Service.WATCHDOG, "/v1/x").statusCode()).isEqualTo(409);
    }

    @Test
    void shouldRefuseConnectionsWhileClosedAndComeBackOnItsPort() throws Exception {
        peers.close();
        assertThatThrownBy(() -> get(Service.WATCHDOG, "/v1/x")).isInstanceOf(IOException.class);
        peers = FakePeers.listen().on("GET", "/v1/x", request -> Map.of());
        assertThat(get(Service.WATCHDOG, "/v1/x").statusCode()).isEqualTo(200);
    }
}

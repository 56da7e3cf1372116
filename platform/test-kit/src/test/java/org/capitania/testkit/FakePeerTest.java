package org.capitania.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.testkit.FakePeer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakePeerTest {
    private final FakePeer peer = FakePeer.start(Service.GRAPH_SERVICE);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        peer.close();
        http.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        String token = TestTokens.bearer("agent:chief", Service.TOOL_REGISTRY);
        return http.send(
                HttpRequest.newBuilder(URI.create(peer.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void shouldAnswerByTheLastRuleThatMatchesAndRecordTheRequest() throws Exception {
        peer.when("GET", "/v1/nodes/.*", Map.of("id", "a"));
        peer.when("GET", "/v1/nodes/b", request -> Answer.json(201, Map.of("id", request.query())));

        assertThat(get("/v1/nodes/a").body()).isEqualTo("{\"id\":\"a\"}");
        assertThat(get("/v1/nodes/b?x=1").statusCode()).isEqualTo(201);
        assertThat(peer.requests("GET", "/v1/nodes/b").getFirst().query()).isEqualTo("x=1");
        assertThat(peer.requests().getFirst().claims().path("sub").asText()).isEqualTo("agent:chief");
    }

    @Test
    void shouldAnswerAProblemWhenNothingIsScriptedOrScriptedSo() throws Exception {
        assertThat(get("/v1/nothing").body()).contains("not_found", "scripted no answer");
        peer.when("GET", "/v1/x", request -> Answer.problem(ErrorCode.VERSION_CONFLICT, "moved on"));
        assertThat(get("/v1/x").statusCode()).isEqualTo(409);
    }

    @Test
    void shouldRefuseConnectionsWhileDownAndComeBackOnItsPort() throws Exception {
        peer.when("GET", "/v1/x", "{}");
        peer.goDown();
        assertThatThrownBy(() -> get("/v1/x")).isInstanceOf(IOException.class);
        peer.comeBack();
        assertThat(get("/v1/x").statusCode()).isEqualTo(200);
    }
}

package org.capitania.registry.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.Service;
import org.capitania.registry.FakeProvider;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The public conformance scenarios that apply to this server, run by hand since they come from npm: install {@code @modelcontextprotocol/conformance}
 * anywhere and name its {@code dist/index.js} in {@code -Dmcp.conformance}. They know no tokens, so a proxy adds one.
 */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
@EnabledIfSystemProperty(named = "mcp.conformance", matches = ".+")
class McpConformanceIT {
    private Vertx vertx;
    private int port;

    @BeforeEach
    void startProxy() throws Exception {
        vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient();
        HttpServer proxy = vertx.createHttpServer()
                .requestHandler(request -> forward(client, request))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        port = proxy.actualPort();
    }

    @AfterEach
    void stopProxy() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server-initialize",
                "ping",
                "logging-set-level",
                "tools-list",
                "resources-list",
                "prompts-list",
                "server-sse-multiple-streams",
                "dns-rebinding-protection"
            })
    void shouldPassTheScenario(String scenario) throws IOException, InterruptedException {
        File said = new File("target/conformance-" + scenario + ".txt");
        Process run = new ProcessBuilder(List.of(
                        "node",
                        System.getProperty("mcp.conformance"),
                        "server",
                        "--url",
                        "http://localhost:" + port + "/mcp",
                        "--scenario",
                        scenario))
                .directory(new File("target"))
                .redirectErrorStream(true)
                .redirectOutput(said)
                .start();
        assertThat(run.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(run.exitValue()).as("see %s", said).isZero();
    }

    private static void forward(HttpClient client, HttpServerRequest request) {
        request.pause();
        client.request(request.method(), RestAssured.port, "127.0.0.1", request.uri())
                .onSuccess(out -> send(out, request))
                .onFailure(e -> request.response().setStatusCode(502).end(String.valueOf(e.getMessage())));
    }

    private static void send(HttpClientRequest out, HttpServerRequest request) {
        out.headers().setAll(request.headers());
        String here = "http://" + request.getHeader("Host");
        if (here.equals(request.getHeader("Origin")) && here.startsWith("http://localhost:")) {
            // A page of the proxy is to the server what a page of its own would be.
            out.putHeader("Origin", "http://localhost:" + RestAssured.port);
        }
        out.putHeader("Authorization", "Bearer " + TestTokens.bearer("client:test", Service.TOOL_REGISTRY));
        out.send(request)
                .onSuccess(answer -> answer(answer, request))
                .onFailure(e -> request.response().setStatusCode(502).end(String.valueOf(e.getMessage())));
    }

    private static void answer(HttpClientResponse answer, HttpServerRequest request) {
        request.response().setStatusCode(answer.statusCode());
        request.response().headers().setAll(answer.headers());
        answer.pipeTo(request.response());
    }
}

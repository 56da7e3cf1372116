package org.capitania.graph.crash;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Service;
import org.capitania.embedded.Ports;
import org.capitania.testkit.KillableInfra;
import org.capitania.testkit.TestTokens;

/** The packaged graph-service in a process of its own, always on the same port. */
final class GraphProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(15);
    private static final Path LOG = Path.of("target", "killed-graph-service.log");

    private final int port = Ports.free();
    private final List<String> command = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private Process process;

    GraphProcess(KillableInfra infra) throws IOException {
        Map<String, String> config = new HashMap<>(infra.config(Service.GRAPH_SERVICE));
        config.put("quarkus.http.port", Integer.toString(port));
        config.put("hq.instance", "killed-graph-service-0");
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders"));
        config.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        process = start();
    }

    private Process start() throws IOException {
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                .start();
        try {
            await("a graph-service that is ready; its log is " + LOG)
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> send(HttpRequest.newBuilder(uri("/q/health/ready")), LONGEST_ANSWER)
                                    .statusCode()
                            == 200);
        } catch (RuntimeException e) {
            started.destroyForcibly();
            throw e;
        }
        return started;
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void startAgain() throws IOException {
        process = start();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Posts a batch as the owner. */
    HttpResponse<String> mutate(String key, String reason, String batch) throws IOException, InterruptedException {
        return send(
                as("/v1/mutations")
                        .header("Idempotency-Key", key)
                        .header("X-HQ-Reason", reason)
                        .POST(HttpRequest.BodyPublishers.ofString(batch)),
                LONGEST_ANSWER);
    }

    /** Sends a file as the owner; may take minutes. */
    HttpResponse<String> load(String key, String file) throws IOException, InterruptedException {
        return send(
                as("/v1/load")
                        .setHeader("Content-Type", "application/x-ndjson")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(file)),
                Duration.ofMinutes(10));
    }

    /** Posts an empty body as the owner, to something that may take minutes. */
    HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return send(as(path).POST(HttpRequest.BodyPublishers.noBody()), Duration.ofMinutes(10));
    }

    private HttpRequest.Builder as(String path) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + TestTokens.bearer("user:owner", Service.GRAPH_SERVICE))
                .header("Content-Type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Duration patience)
            throws IOException, InterruptedException {
        return http.send(request.timeout(patience).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        kill();
        http.close();
    }
}

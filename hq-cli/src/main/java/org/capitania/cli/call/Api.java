package org.capitania.cli.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.cli.Failure;
import org.capitania.contract.HeaderText;
import org.capitania.contract.Json;
import org.capitania.contract.JsonTree;
import org.capitania.contract.Service;
import org.capitania.embedded.keys.TokenSigner;
import org.jspecify.annotations.Nullable;

/**
 * Calls services as the owner: one fresh five-minute token a call, one trace a command. What a service refuses, and a service that
 * does not answer, is a {@link Failure}. Several threads may call at the same time.
 */
public final class Api implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONG_WORK = Duration.ofHours(24);
    private static final long ASK_FIRST = 1024 * 1024;
    private static final int UNCHANGED = 304;
    private static final Duration CONNECTED = Duration.ofSeconds(3);

    private final Fleet fleet;
    private final CallOptions options;
    private final Duration patience;
    private final String traceId =
            HexFormat.of().toHexDigits(random()) + HexFormat.of().toHexDigits(random());
    private @Nullable TokenSigner key;
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
    private final Map<String, Answer> known = new ConcurrentHashMap<>();

    public Api(Fleet fleet, CallOptions options) {
        this(fleet, options, PATIENCE);
    }

    /** One that waits no longer than this for an answer that is read. */
    public Api(Fleet fleet, CallOptions options, Duration patience) {
        this.fleet = fleet;
        this.options = options;
        this.patience = patience;
    }

    public String traceId() {
        return traceId;
    }

    public Fleet fleet() {
        return fleet;
    }

    /** A path from literal text and one part that may hold anything. */
    public static String path(String before, String part) {
        return before + encode(part);
    }

    public static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads; what was answered before with an entity tag is sent again by a service only if it has changed. */
    public Answer get(Service service, String path) {
        String address = service.wireName() + path;
        Answer before = known.get(address);
        String tag = before == null ? null : before.tag();
        Answer answer = send(
                service,
                path,
                "GET",
                BodyPublishers.noBody(),
                "application/json",
                patience,
                tag == null ? Map.of() : Map.of("If-None-Match", tag));
        if (before != null && answer.status() == UNCHANGED) {
            return before;
        }
        if (answer.tag() != null) {
            known.put(address, answer);
        }
        return answer;
    }

    /** Takes an answer of an earlier process as one that was had before. */
    public void remember(Service service, String path, Answer before) {
        known.put(service.wireName() + path, before);
    }

    public Answer post(Service service, String path, @Nullable Object body) {
        return post(service, path, body, PATIENCE, Map.of());
    }

    public Answer post(
            Service service, String path, @Nullable Object body, Duration patience, Map<String, String> headers) {
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes(body));
        return send(service, path, "POST", publisher, "application/json", patience, headers);
    }

    private static byte[] bytes(Object body) {
        return body instanceof JsonNode tree ? JsonTree.bytes(tree) : Json.bytes(body);
    }

    /** Posts a file as it is; nothing of a large one is sent before the service says that it takes it. */
    public Answer postFile(Service service, String path, Path file, String contentType) {
        try {
            Map<String, String> headers = Files.size(file) > ASK_FIRST ? Map.of("Expect", "100-continue") : Map.of();
            return send(service, path, "POST", BodyPublishers.ofFile(file), contentType, PATIENCE, headers);
        } catch (IOException e) {
            throw Failure.caller("unreadable", "cannot be read: " + e.getMessage());
        }
    }

    /** Posts a file of any length as a stream that says no length beforehand; its work may take hours. */
    public Answer postLines(Service service, String path, Path file, Map<String, String> headers) {
        BodyPublisher lines = BodyPublishers.ofInputStream(() -> {
            try {
                return Files.newInputStream(file);
            } catch (IOException e) {
                throw new UncheckedIOException(file + " cannot be read", e);
            }
        });
        return send(service, path, "POST", lines, "application/x-ndjson", LONG_WORK, headers);
    }

    /**
     * The lines of an answer that goes on, to be closed; what breaks it off is an {@link UncheckedIOException}. It has to begin in time; how
     * long it is silent later is the caller's to judge.
     */
    public Stream<String> lines(Service service, String path, Map<String, String> headers) {
        URI address = fleet.url(service).resolve(path);
        HttpRequest.Builder request =
                request(service, address).timeout(patience).header("Accept", "text/event-stream");
        headers.forEach(request::header);
        try {
            HttpResponse<Stream<String>> response = client(address).send(request.build(), BodyHandlers.ofLines());
            if (response.statusCode() >= 400) {
                throw Problems.failure(
                        service,
                        response.statusCode(),
                        body(response.body().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8)));
            }
            return response.body();
        } catch (HttpTimeoutException e) {
            throw late(service, patience);
        } catch (IOException e) {
            throw Failure.system("service_unavailable", service.wireName() + " does not answer: " + e.getMessage())
                    .withHint("hq status shows what runs, hq logs " + service.wireName() + " why it does not");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.system("interrupted", "interrupted while " + service.wireName() + " answered");
        }
    }

    private static Failure late(Service service, Duration patience) {
        return Failure.system(
                        "service_timeout",
                        service.wireName() + " took longer than " + patience.toSeconds() + " s to answer")
                .withHint("hq logs " + service.wireName());
    }

    private HttpRequest.Builder request(Service service, URI address) {
        return HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token(service))
                .header("X-HQ-Tenant", tenant())
                .header("traceparent", "00-" + traceId + "-" + HexFormat.of().toHexDigits(random()) + "-01");
    }

    private Answer send(
            Service service,
            String path,
            String method,
            BodyPublisher body,
            String contentType,
            Duration patience,
            Map<String, String> headers) {
        URI address = fleet.url(service).resolve(path);
        HttpRequest.Builder request =
                request(service, address).timeout(patience).method(method, body).header("Accept", "application/json");
        if (method.equals("POST")) {
            request.header("Content-Type", contentType);
        }
        String reason = options.reason();
        if (reason != null && !reason.isBlank()) {
            request.header("X-HQ-Reason", HeaderText.encode(reason));
        }
        headers.forEach((name, value) -> {
            if (name.equals("Expect")) {
                request.expectContinue(true);
            } else {
                request.header(name, value);
            }
        });
        try {
            return read(service, client(address).send(request.build(), BodyHandlers.ofByteArray()));
        } catch (ConnectException e) {
            throw Failure.system(
                            "service_unavailable",
                            service.wireName() + " does not answer on " + address.getHost() + ":" + address.getPort())
                    .withHint("hq status shows what runs, hq logs " + service.wireName()
                            + " why it does not; hq up starts what is missing");
        } catch (HttpTimeoutException e) {
            throw late(service, patience);
        } catch (IOException e) {
            throw Failure.system(
                    "service_unavailable", service.wireName() + " broke off its answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.system("interrupted", "interrupted while " + service.wireName() + " answered");
        }
    }

    private static Answer read(Service service, HttpResponse<byte[]> response) {
        JsonNode body = body(response.body());
        if (response.statusCode() >= 400) {
            throw Problems.failure(service, response.statusCode(), body);
        }
        return new Answer(
                response.statusCode(),
                body,
                response.headers().firstValue("ETag").orElse(null));
    }

    private static JsonNode body(byte[] bytes) {
        try {
            return bytes.length == 0 ? MissingNode.getInstance() : JsonTree.read(bytes);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private synchronized String token(Service service) {
        if (key == null) {
            key = fleet.ownerKey();
        }
        Map<String, String> more = options.actor() == null ? Map.of() : Map.of("obo", options.actor());
        return key.sign(service.wireName(), tenant(), TokenSigner.DEFAULT_LIFETIME, more);
    }

    private HttpClient client(URI address) {
        return clients.computeIfAbsent(address.getScheme(), scheme -> HttpClients.forScheme(address, CONNECTED));
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClients::close);
        clients.clear();
    }

    public String tenant() {
        return options.tenant() == null ? fleet.tenant() : options.tenant();
    }

    private static long random() {
        return UUID.randomUUID().getLeastSignificantBits();
    }
}

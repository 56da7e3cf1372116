package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Problem;
import org.capitania.contract.Service;
import org.capitania.servicekit.PatientHttp;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Reads sessions from the agents' processes in the name of who is signed in, also while they go on. */
@ApplicationScoped
class SessionReader {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** An agent gives a sign of life every 5 s. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int OTHERS = 20;

    private final Peers peers;
    private final PatientHttp http = PatientHttp.inside(PATIENCE);
    private final Set<InputStream> open = ConcurrentHashMap.newKeySet();

    SessionReader(Peers peers) {
        this.peers = peers;
    }

    /** A stop waits for requests to end, and those that follow a session do not by themselves. */
    @PostConstruct
    void endWithTheProcess() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> open.forEach(SessionReader::close), "sessions-end"));
    }

    /** The latest sessions, newest first. */
    JsonNode list(Scope scope, String role, @Nullable String task) {
        String of = task == null ? "" : "&task_id=" + encoded(task);
        return peers.get(agent(role), "/v1/sessions?limit=" + OTHERS + of, scope, JsonNode.class, options(scope))
                .path("items");
    }

    JsonNode one(Scope scope, String role, String id) {
        return peers.get(agent(role), "/v1/sessions/" + encoded(id), scope, JsonNode.class, options(scope));
    }

    /** Opens the events of a session after one; the agent's refusal is thrown. */
    InputStream follow(Scope scope, String role, String id, @Nullable String after) {
        Service agent = agent(role);
        HttpGet request = new HttpGet(peers.url(agent).resolve("/v1/sessions/" + encoded(id) + "/live"));
        request.addHeader("Authorization", "Bearer " + peers.token(agent, scope, options(scope)));
        request.addHeader("X-HQ-Tenant", scope.tenant());
        if (after != null && after.matches("\\d{1,9}")) {
            request.addHeader("Last-Event-ID", after);
        }
        try {
            PatientHttp.Answer answer = http.send(request, PATIENCE, SILENCE, LONGEST);
            if (answer.status() >= 400) {
                try (InputStream body = answer.body()) {
                    throw Json.read(body.readAllBytes(), Problem.class).toException();
                }
            }
            return answer.body();
        } catch (IOException e) {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, agent.wireName() + " does not answer", e);
        }
    }

    /**
     * Passes events on until they end or nobody reads them: of an entry only its kind, since a page reads
     * the rest from here. A line to the agent that breaks ends it; the browser comes back for what it missed.
     */
    void pass(InputStream events, OutputStream out, BooleanSupplier gone) throws IOException {
        open.add(events);
        try (events) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8));
            String name = "";
            for (String line = next(lines); line != null && !gone.getAsBoolean(); line = next(lines)) {
                name = line.startsWith("event: ") ? line.substring("event: ".length()) : name;
                boolean entry = name.equals("entry") && line.startsWith("data: ");
                write(out, entry ? "data: " + brief(line.substring("data: ".length())) : line);
                if (line.isEmpty()) {
                    out.flush();
                }
            }
        } finally {
            open.remove(events);
        }
    }

    private static @Nullable String next(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException e) {
            return null;
        }
    }

    private static String brief(String entry) {
        return Json.write(
                Map.of("kind", Json.read(entry, JsonNode.class).path("kind").asText()));
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Service agent(String role) {
        return Service.fromWireName("agent-" + role);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static PeerOptions options(Scope scope) {
        return PeerOptions.DEFAULT.withTimeout(PATIENCE).onBehalfOf(scope.actor());
    }
}

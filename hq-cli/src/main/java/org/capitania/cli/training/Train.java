package org.capitania.cli.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Main;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.events.ListTopics;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.FleetRecord;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.Trees;
import org.capitania.contract.Service;
import org.capitania.embedded.keys.KeyFiles;
import picocli.CommandLine.Command;

/** {@code hq _train}: runs the common verbs against canned answers, so that the JDK records the classes they need. */
@Command(name = "_train", description = "Run the common verbs against canned answers.", hidden = true)
public final class Train extends Verb {
    private static final List<List<String>> VERBS = List.of(
            List.of("proposal", "list"),
            List.of("proposal", "list", "--json", "--status", "pending"),
            List.of("proposal", "show", "0190aaaa-0000-7000-8000-0000000000aa"),
            List.of("proposal", "approve", "000000aa", "--reason", "looks right"),
            List.of("proposal", "reject", "0190aaaa-0000-7000-8000-0000000000aa", "--reason", "not now"),
            List.of("trace", "show", "0190aaaa-0000-7000-8000-0000000000bb"),
            List.of("describe", "entity-one"),
            List.of("history", "entity-one"),
            List.of("as-of", "2h", "describe", "entity-one"),
            List.of("search", "one"),
            List.of("agent", "status"),
            List.of("agent", "ask", "operator", "who is there?"),
            List.of("tools", "list", "--json"),
            List.of("task", "list"),
            List.of("token", "user:owner"),
            List.of("sign-in"),
            List.of("status"),
            List.of("logs", "supervisor"),
            List.of("describe", "missing"),
            List.of("_complete", "task", ""),
            List.of("_complete", "proposal", "list", "--"),
            List.of("proposal", "--help"));

    public Train(Environment environment) {
        super("_train", environment);
    }

    @Override
    protected Reply run() {
        try {
            Path scratch = Files.createTempDirectory("hq-train");
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] body = answer(exchange.getRequestURI().getPath()).getBytes(StandardCharsets.UTF_8);
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(
                        exchange.getRequestURI().getPath().endsWith("missing") ? 404 : 200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            try {
                rehearse(scratch, server.getAddress().getPort());
            } finally {
                server.stop(0);
                Trees.delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Reply.of(action(), JsonNodeFactory.instance.nullNode(), screen -> {});
    }

    private void rehearse(Path scratch, int port) {
        Home home = new Home(scratch);
        KeyFiles.ensureFleet(new KeyFiles.Layout(home.keys(), home.ownerKey(), home.publicKeys()), List.of("main"));
        home.create();
        Map<String, Integer> ports = new HashMap<>();
        for (Service service : Service.values()) {
            ports.put(Endpoint.of(service).name(), port);
        }
        new FleetRecord("main", "rehearsal", ports).write(home);
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Environment canned = new Environment(
                environment().root(),
                scratch,
                Map.of("HQ_HOME", scratch.toString()),
                nowhere,
                nowhere,
                new Environment.Terminal(true, true, 100),
                environment().clock());
        for (List<String> verb : VERBS) {
            Main.run(canned, verb.toArray(String[]::new));
        }
        ListTopics.rehearse();
    }

    private static String answer(String path) {
        String proposal = """
                {"id":"0190aaaa-0000-7000-8000-0000000000aa","tool":"email_send","agent":"agent:chief","status":"pending","risk":"outbound",
                 "summary":"Answer One","task_id":"0190aaaa-0000-7000-8000-0000000000bb","conversation":"c-1","created_at":"2026-01-01T00:00:00Z",
                 "arguments":{"to":["one@example.org"],"subject":"Re: one","body_text":"Good day,\\n\\n> one"},"revision":1,"digest":"sha256:00",
                 "rendering":{"summary":"Answer One","recipients":["one@example.org"],"subject":"Re: one","body":"Good day"},
                 "history":[{"seq":1,"status":"pending","by":"system:tool-registry","at":"2026-01-01T00:00:00Z","revision":1}]}""";
        if (path.equals("/v1/proposals")) {
            return "{\"items\":[" + proposal + "]}";
        }
        if (path.startsWith("/v1/proposals/")) {
            return proposal;
        }
        if (path.equals("/v1/actions")) {
            return """
                    {"task_id":"t","agent":"agent:chief","model":"rehearsal","actions":[{"id":"a","tool":"hq_search","status":"done",
                     "input":{"query":"one"},"output":{"hits":[]},"cost_usd":0.0,"duration_ms":3,"at":"2026-01-01T00:00:00Z"}]}""";
        }
        if (path.equals("/v1/agents")) {
            return "[{\"role\":\"chief\",\"state\":\"cold\",\"queued\":0,\"last_run\":{\"state\":\"finished\",\"started_at\":\"2026-01-01T00:00:00Z\"}}]";
        }
        if (path.equals("/v1/messages")) {
            return "{\"message_id\":\"m\",\"reply\":\"operator is here\",\"from\":\"agent:operator\",\"tainted\":false}";
        }
        if (path.equals("/v1/tools")) {
            return """
                    {"tools":[{"name":"hq_task","description":"Tasks","scope":"write","risk":"direct","input_schema":{"type":"object",
                     "properties":{"action":{"type":"string"},"limit":{"type":"integer"}},"required":["action"]}}]}""";
        }
        if (path.endsWith("/calls")) {
            return "{\"ok\":true,\"status\":\"done\",\"action\":\"task.list\",\"data\":{\"items\":[]},\"audit_event_id\":\"e\"}";
        }
        if (path.endsWith("/history")) {
            return "{\"items\":[{\"version\":1,\"op\":\"create\",\"actor\":\"user:owner\",\"recorded_at\":\"2026-01-01T00:00:00Z\"}]}";
        }
        if (path.endsWith("missing")) {
            return "{\"type\":\"t\",\"title\":\"not found\",\"status\":404,\"code\":\"not_found\",\"detail\":\"no node is called missing\"}";
        }
        return """
                {"node":{"id":"0190aaaa-0000-7000-8000-0000000000cc","type":"entity","slug":"entity-one","status":"active","version":1,
                 "props":{"name":"One","summary":"The first one"}},"edges":[{"type":"part_of","direction":"in","other":{"id":"i-1",
                 "type":"interaction","title":"Mail"}}],"items":[{"id":"n","type":"entity","slug":"entity-one","title":"One"}],"nodes":1,"edges_count":0}""";
    }
}

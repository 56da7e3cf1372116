package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.agent.AgentStatus;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.process.Memory;
import org.capitania.cli.process.ProcessId;
import org.capitania.cli.text.Ages;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;

/** {@code hq status}. */
@Command(name = "status", description = "Each process, each agent, and the store.")
public final class Status extends WatchedVerb {
    private static final long MIB = 1024 * 1024;

    public Status(Environment environment) {
        super("status", environment);
    }

    /** No event tells of a process that died or of one that is up. */
    @Override
    protected boolean byEvents() {
        return false;
    }

    /** Memory and uptime alone are no change. */
    @Override
    protected JsonNode telling(JsonNode data) {
        JsonNode copy = data.deepCopy();
        copy.path("processes").forEach(process -> ((ObjectNode) process).remove(List.of("uptime_s", "rss_mb")));
        return copy;
    }

    @Override
    protected Reply run() {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("home", home().directory().toString());
        ArrayNode processes = data.putArray("processes");
        boolean any = false;
        if (Files.isDirectory(home().run())) {
            LocalFleet fleet = LocalFleet.prepare(environment());
            try (Probe probe = fleet.probe()) {
                fleet.all().forEach(process -> processes.add(describe(process, fleet, probe)));
            }
            any = fleet.anyRunning();
        }
        data.put("running", any);
        data.set("agents", any ? ask(Service.SUPERVISOR, "/v1/agents") : JsonNodeFactory.instance.arrayNode());
        data.set("autonomy", any ? ask(Service.TOOL_REGISTRY, "/v1/autonomy") : null);
        data.set("store", any ? ask(Service.GRAPH_SERVICE, "/v1/stats") : null);
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    /** What a service says, or null in the data when it does not answer: the table of processes tells why. */
    private JsonNode ask(Service service, String path) {
        try {
            return api().get(service, path).body();
        } catch (Failure e) {
            return JsonNodeFactory.instance.nullNode();
        }
    }

    private ObjectNode describe(FleetProcess process, LocalFleet fleet, Probe probe) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        Optional<ProcessId> id = process.running();
        int port = fleet.settings().port(process.endpoints().getFirst());
        row.put("name", process.name());
        row.put("pid", id.map(ProcessId::pid).orElse(null));
        row.put("port", port);
        ObjectNode ports = row.putObject("ports");
        process.endpoints().forEach(e -> ports.put(e.name(), fleet.settings().port(e)));
        row.put("health", id.isEmpty() ? "stopped" : health(process, probe, port));
        row.put(
                "uptime_s",
                id.flatMap(ProcessId::since)
                        .map(since -> Duration.between(
                                        since, environment().clock().instant())
                                .toSeconds())
                        .orElse(null));
        row.put(
                "rss_mb",
                id.map(ProcessId::pid)
                        .map(pid -> Memory.residentWithChildren(pid) / MIB)
                        .orElse(null));
        return row;
    }

    private static String health(FleetProcess process, Probe probe, int port) {
        if (Endpoint.named(process.name())
                .filter(e -> !e.equals(Endpoint.POSTGRES))
                .isEmpty()) {
            return process.ready() ? "UP" : "DOWN";
        }
        return switch (probe.health(port)) {
            case Probe.Health.Up() -> "UP";
            case Probe.Health.Down(String why) -> "DOWN: " + why;
            case Probe.Health.Silent() -> "DOWN: does not answer";
        };
    }

    private static void print(JsonNode data, Screen screen) {
        if (!data.path("running").asBoolean()) {
            screen.line("the fleet is not running: start it with hq up");
            return;
        }
        Table table = new Table("PROCESS", "PID", "PORT", "HEALTH", "UPTIME", "MEMORY").right(1, 2, 4, 5);
        long total = 0;
        for (JsonNode process : data.path("processes")) {
            String health = Fields.text(process, "health");
            long memory = process.path("rss_mb").asLong();
            total += memory;
            table.row(
                            Fields.text(process, "name"),
                            Fields.text(process, "pid"),
                            Fields.text(process, "port"),
                            health,
                            process.path("uptime_s").isNumber()
                                    ? Ages.length(Duration.ofSeconds(
                                            process.path("uptime_s").asLong()))
                                    : "",
                            memory == 0 ? "" : memory + " MB")
                    .style(3, health.equals("UP") ? Style.GOOD : Style.BAD);
        }
        table.row("", "", "", "", "", total + " MB");
        table.print(screen);
        screen.blank();
        if (data.at("/autonomy/frozen").asBoolean()) {
            screen.line(Fields.text(data.path("autonomy"), "summary"));
            screen.blank();
        }
        AgentStatus.print(Fields.items(data.path("agents")), screen);
        JsonNode store = data.path("store");
        screen.blank();
        screen.line(
                store.isObject()
                        ? "store: " + Fields.text(store, "nodes") + " nodes, " + Fields.text(store, "edges")
                                + " edges, " + Fields.text(store, "outbox_lag") + " events waiting to be published"
                        : "store: graph-service does not answer");
    }
}

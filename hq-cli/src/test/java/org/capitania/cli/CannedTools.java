package org.capitania.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.capitania.cli.CannedFleet.Answer;
import org.capitania.cli.CannedFleet.Asked;
import org.capitania.contract.Json;

/** The tools of this checkout as tool-registry publishes them; a call is checked as it would be there, and then done without doing anything. */
public final class CannedTools {
    private static final Path FILES = Path.of("../tool-registry/src/main/resources/tools");
    private static final List<String> LOOPS_TO_COME = List.of("playbook", "calibration");

    private final Map<String, ObjectNode> tools = new HashMap<>();
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private CannedTools() {
        try {
            for (String name : Files.readAllLines(FILES.resolve("index.txt"))) {
                if (!name.isBlank()) {
                    tools.put(name, view((ObjectNode)
                            Json.MAPPER.readTree(Files.readString(FILES.resolve(name + ".json")))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a fleet answer so. */
    public static void play(CannedFleet fleet) {
        CannedTools canned = new CannedTools();
        ObjectNode all = Json.MAPPER.createObjectNode();
        canned.tools.values().forEach(all.putArray("tools")::add);
        fleet.answer("/v1/tools", any -> new Answer(200, all.toString(), "\"canned\""))
                .answer("/v1/tools/", canned::call);
    }

    private static ObjectNode view(ObjectNode file) {
        JsonNode actions = file.remove("actions");
        ArrayNode list = file.putArray("actions");
        if (actions != null) {
            actions.properties().forEach(action -> {
                ObjectNode view = list.addObject().put("name", action.getKey());
                view.put("scope", file.path("scope").asText());
                if (file.has("not_yet")) {
                    view.set("not_yet", file.get("not_yet"));
                }
                view.setAll((ObjectNode) action.getValue());
            });
        }
        return file;
    }

    private Answer call(Asked asked) {
        JsonNode tool = tools.get(asked.path().split("/")[3]);
        JsonNode arguments = asked.json().path("arguments");
        List<String> wrong = new ArrayList<>(schemas.getSchema(tool.path("input_schema")).validate(arguments).stream()
                .map(Error::toString)
                .toList());
        JsonNode action = Json.MAPPER.createObjectNode();
        for (JsonNode each : tool.path("actions")) {
            if (each.path("name").equals(arguments.path("action"))) {
                action = each;
                each.path("requires").forEach(name -> {
                    if (!arguments.has(name.asText())) {
                        wrong.add(name + " is required");
                    }
                });
            }
        }
        String later = action.path("not_yet").asText(tool.path("not_yet").asText(""));
        if (LOOPS_TO_COME.contains(arguments.path("loop").asText())) {
            later = "there is no " + arguments.path("loop").asText() + " loop yet";
        }
        if (!wrong.isEmpty()) {
            return refused("schema_violation", wrong.stream().collect(Collectors.joining("; ")));
        }
        return later.isEmpty()
                ? new Answer(
                        200,
                        "{\"ok\":true,\"status\":\"done\",\"action\":\"it\",\"data\":{\"items\":[]},\"audit_event_id\":\"e\"}")
                : refused("not_available_yet", "it is not available yet: " + later);
    }

    private static Answer refused(String code, String message) {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("ok", false).put("status", "refused");
        answer.putObject("error").put("code", code).put("message", message).putArray("errors");
        return new Answer(200, answer.toString());
    }
}

package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq tools list}. */
@Command(name = "list", description = "The tools there are, or those one agent may use.")
public final class ListTools extends Verb {
    @Option(names = "--agent", paramLabel = "ROLE", description = "only what this agent was granted")
    @Nullable
    String agent;

    public ListTools(Environment environment) {
        super("tools.list", environment);
    }

    @Override
    protected Reply run() {
        JsonNode all = api().get(Service.TOOL_REGISTRY, "/v1/tools").body();
        JsonNode data = agent == null ? all : granted(all.path("tools"));
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    /** What an agent may call: of the catalogue as it stands there, with its own actions, and of outside servers. */
    private JsonNode granted(JsonNode catalogue) {
        Map<String, JsonNode> known = new HashMap<>();
        catalogue.forEach(tool -> known.put(Fields.text(tool, "name"), tool));
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ArrayNode tools = data.putArray("tools");
        String path = Api.path("/v1/agents/", Objects.requireNonNull(agent)) + "/tools?format=mcp";
        for (JsonNode tool : api().get(Service.TOOL_REGISTRY, path).body().path("tools")) {
            String name = Fields.text(tool, "name");
            JsonNode as = known.getOrDefault(name, JsonNodeFactory.instance.objectNode());
            ObjectNode line = tools.addObject().put("name", name);
            line.put("scope", Fields.text(as, "scope")).put("risk", Fields.text(as, "risk"));
            tool.at("/inputSchema/properties/action/enum").forEach(line.putArray("actions")::add);
            line.put("description", Fields.text(tool, "description"));
        }
        return data;
    }

    private void print(JsonNode data, Screen screen) {
        Table table = agent == null
                ? new Table("TOOL", "SCOPE", "RISK", "WHAT IT DOES")
                : new Table("TOOL", "SCOPE", "RISK", "ACTIONS", "WHAT IT DOES");
        for (JsonNode tool : data.path("tools")) {
            List<String> cells = new ArrayList<>(List.of(
                    Fields.text(tool, "name"),
                    Fields.text(tool, "scope"),
                    Fields.text(tool, "risk"),
                    Fields.text(tool, "description")));
            if (agent != null) {
                cells.add(3, Fields.text(tool, "actions"));
            }
            table.row(cells.toArray(String[]::new));
        }
        table.print(screen);
    }
}

package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
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
        String path = agent == null ? "/v1/tools" : Api.path("/v1/agents/", agent) + "/tools?format=anthropic";
        JsonNode data = api().get(Service.TOOL_REGISTRY, path).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("TOOL", "SCOPE", "RISK", "WHAT IT DOES");
        for (JsonNode tool : Fields.items(data.has("tools") ? data.path("tools") : data)) {
            table.row(
                    Fields.text(tool, "name"),
                    Fields.text(tool, "scope"),
                    Fields.text(tool, "risk"),
                    Fields.text(tool, "description"));
        }
        table.print(screen);
    }
}

package org.capitania.cli.gap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.cli.tool.GeneratedVerb;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq gap triage}. */
@Command(name = "triage", description = "Puts the worst on the list of tasks, one open task a gap.")
public final class TriageGaps extends Verb {
    @Parameters(paramLabel = "GAP", arity = "0..1", description = "only this one")
    @Nullable
    String name;

    @Option(names = "--limit", paramLabel = "N", description = "how many tasks at most; ${DEFAULT-VALUE} unless given")
    int limit = 5;

    public TriageGaps(Environment environment) {
        super("gap.triage", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode arguments =
                body.putObject("arguments").put("action", "triage").put("limit", limit);
        if (name != null) {
            arguments.put("name", name);
        }
        JsonNode result = api().post(Service.TOOL_REGISTRY, "/v1/tools/hq_gap/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw GeneratedVerb.refused(result.path("error"));
        }
        return Reply.of(action(), result.path("data"), screen -> print(result.path("data"), screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("TASK", "SEVERITY", "GAP", "WHAT");
        for (JsonNode item : Fields.items(data)) {
            table.row(
                    Fields.text(item, "slug"),
                    Fields.text(item, "severity"),
                    Fields.text(item, "name"),
                    Fields.text(item, "title"));
        }
        if (!table.isEmpty()) {
            table.print(screen);
        }
        screen.line(Fields.text(data, "made") + " made, " + Fields.text(data, "closed") + " closed, "
                + Fields.text(data, "open") + " open, " + Fields.text(data, "left") + " left for another time");
    }
}

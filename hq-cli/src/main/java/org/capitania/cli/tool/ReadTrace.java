package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq trace inputs|decided|replay|explain}: how the model calls of a task, or one of them, came to what they did. */
@Command(description = "How a model came to what it did.")
public final class ReadTrace extends Verb {
    private final String what;

    @Parameters(paramLabel = "TRACE", description = "a task, session, call, proposal, trace or memory")
    String trace = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, the latest")
    int limit = 50;

    public ReadTrace(String what, Environment environment) {
        super("trace." + what, environment);
        this.what = what;
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("arguments").put("action", what).put("trace", trace).put("limit", limit);
        JsonNode result = api().post(Service.TOOL_REGISTRY, "/v1/tools/hq_trace/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw GeneratedVerb.refused(result.path("error"));
        }
        JsonNode data = result.path("data");
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        screen.heading(Fields.text(data, "agent") + screen.paint(Style.DIM, "  task " + Fields.text(data, "task_id")));
        data.path("explanation").asText("").lines().forEach(line -> screen.paragraph(line, ""));
        for (JsonNode message : Fields.items(data.path("messages"))) {
            screen.line(screen.paint(Style.BOLD, Fields.text(message, "role")));
            screen.paragraph(Fields.text(message, "text"), "    ");
        }
        for (JsonNode trace : Fields.items(data.path("traces"))) {
            screen.line(screen.paint(
                    Style.BOLD,
                    "turn " + Fields.text(trace, "turn") + "  " + Fields.text(trace, "purpose") + "  "
                            + Fields.text(trace, "model")));
            for (String list : List.of("inputs", "decided")) {
                for (JsonNode node : Fields.items(trace.path(list))) {
                    screen.line("    " + Fields.text(node, "type") + "  " + Fields.text(node, "title") + "  "
                            + screen.paint(Style.DIM, Fields.text(node, "id")));
                }
            }
        }
    }
}

package org.capitania.cli.trace;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Ages;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Wrap;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq trace show}: what an agent did in one task, in order. */
@Command(name = "show", description = "What an agent did in a task or trace, in order.")
public final class ShowTrace extends WatchedVerb {
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{32}");

    @Parameters(paramLabel = "TASK|TRACE", description = "a task, its short id, a proposal's id, or a trace id")
    String id = "";

    @Option(names = "--full", description = "inputs and outputs in full")
    boolean full;

    public ShowTrace(Environment environment) {
        super("trace.show", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = read(TRACE.matcher(id).matches() ? "trace" : "task_id", id);
        if (Fields.items(data.path("actions")).isEmpty()) {
            data = read("task_id", resolve(id));
        }
        if (Fields.items(data.path("actions")).isEmpty()) {
            throw Failure.notFound("nothing was done under " + id);
        }
        JsonNode found = data;
        return Reply.of(action(), found, screen -> print(found, screen));
    }

    private JsonNode read(String by, String value) {
        return api().get(Service.TOOL_REGISTRY, "/v1/actions?" + by + "=" + Api.encode(value))
                .body();
    }

    /** The task that a short id, or a proposal's id, stands for; the proposals name the tasks people ask about. */
    private String resolve(String given) {
        List<String> tasks = new ArrayList<>();
        for (JsonNode proposal : Fields.items(
                api().get(Service.APPROVAL_SERVICE, "/v1/proposals").body())) {
            String task = Fields.text(proposal, "task_id");
            if (!ShortIds.matching(given, List.of(Fields.text(proposal, "id"), task))
                            .isEmpty()
                    && !tasks.contains(task)) {
                tasks.add(task);
            }
        }
        if (tasks.size() > 1) {
            throw Failure.caller("ambiguous_id", given + " may mean " + String.join(" or ", tasks));
        }
        return tasks.isEmpty() ? given : tasks.getFirst();
    }

    private void print(JsonNode data, Screen screen) {
        screen.heading(Fields.text(data, "agent")
                + screen.paint(
                        Style.DIM, "  task " + Fields.text(data, "task_id") + "  model " + Fields.text(data, "model")));
        int step = 0;
        for (JsonNode action : Fields.items(data.path("actions"))) {
            String status = Fields.text(action, "status");
            screen.line(String.format("%3d  ", ++step) + screen.paint(Style.BOLD, Fields.text(action, "tool")) + "  "
                    + screen.paint(style(status), status) + screen.paint(Style.DIM, remarks(action)));
            part(screen, "in ", action.path("input"));
            part(screen, "out", action.path("output"));
        }
    }

    private static String remarks(JsonNode action) {
        StringBuilder remarks = new StringBuilder();
        if (action.path("duration_ms").isNumber()) {
            remarks.append("  ")
                    .append(Ages.length(
                            Duration.ofMillis(action.path("duration_ms").asLong())));
        }
        if (action.path("cost_usd").asDouble() > 0) {
            remarks.append("  $").append(Fields.text(action, "cost_usd"));
        }
        String grade = Fields.text(action, "grade");
        return remarks.append(grade.isEmpty() ? "" : "  graded " + grade).toString();
    }

    private void part(Screen screen, String name, JsonNode value) {
        if (value.isMissingNode() || value.isNull() || value.isEmpty() && value.isContainerNode()) {
            return;
        }
        String text = value.isTextual() ? value.asText() : full ? value.toPrettyString() : value.toString();
        String label = "       " + screen.paint(Style.DIM, name) + "  ";
        if (full) {
            screen.line(label);
            screen.paragraph(text, "            ");
        } else {
            screen.line(label + Wrap.cut(text, Math.min(screen.width(), 160) - 12));
        }
    }

    private static Style style(String status) {
        return switch (status) {
            case "done" -> Style.GOOD;
            case "proposed" -> Style.CAUTION;
            case "refused", "failed", "unknown" -> Style.BAD;
            default -> Style.PLAIN;
        };
    }
}

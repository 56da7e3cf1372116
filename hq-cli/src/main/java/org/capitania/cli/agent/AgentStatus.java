package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq agent status} and {@code presence}: who is awake. */
@Command(description = "Which agents are warm, in cooldown, cold, stopped or paused.")
public final class AgentStatus extends WatchedVerb {
    @Parameters(paramLabel = "ROLE", arity = "0..1", description = "only this agent")
    @Nullable
    String role;

    public AgentStatus(String verb, Environment environment) {
        super("agent." + verb, environment);
    }

    @Override
    protected Reply run() {
        JsonNode all = api().get(Service.SUPERVISOR, "/v1/agents").body();
        List<JsonNode> chosen = Fields.items(all).stream()
                .filter(agent -> role == null || Fields.text(agent, "role").equals(role))
                .toList();
        if (role != null && chosen.isEmpty()) {
            throw Failure.notFound("no agent has the role " + role);
        }
        ArrayNode data = JsonNodeFactory.instance.arrayNode().addAll(chosen);
        return Reply.of(action(), data, screen -> print(chosen, screen));
    }

    /** The table of agents, also part of {@code hq status}. */
    public static void print(List<JsonNode> agents, Screen screen) {
        Table table = new Table("AGENT", "STATE", "QUEUED", "LAST RUN", "").right(2);
        for (JsonNode agent : agents) {
            String state = Fields.text(agent, "state");
            table.row(
                            Fields.text(agent, "role"),
                            state,
                            Fields.text(agent, "queued"),
                            lastRun(agent.path("last_run"), screen),
                            why(agent, screen))
                    .style(1, style(state));
        }
        table.print(screen);
    }

    private static String lastRun(JsonNode run, Screen screen) {
        String at = run.isTextual() ? run.asText() : Fields.first(run, "ended_at", "started_at");
        return at.isEmpty()
                ? "never"
                : screen.ages().of(at) + (run.has("state") ? ", " + Fields.text(run, "state") : "");
    }

    /** Why it does not go on with what waits for it, or with anything. */
    private static String why(JsonNode agent, Screen screen) {
        if (!Fields.text(agent, "state").equals("paused")) {
            String held = Fields.text(agent, "held");
            return held.isEmpty() && agent.hasNonNull("resting_since") ? "starts when there is something to do" : held;
        }
        String until = Fields.text(agent, "paused_until");
        return "paused" + (until.isEmpty() ? "" : ", resumes " + screen.ages().of(until))
                + (Fields.text(agent, "paused_reason").isEmpty() ? "" : ": " + Fields.text(agent, "paused_reason"));
    }

    private static Style style(String state) {
        return switch (state) {
            case "warm", "cooldown" -> Style.GOOD;
            case "paused" -> Style.CAUTION;
            case "stopped" -> Style.BAD;
            default -> Style.PLAIN;
        };
    }
}

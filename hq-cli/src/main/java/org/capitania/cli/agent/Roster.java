package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq agent roster}: who can be written to, and what each wakes for. */
@Command(name = "roster", description = "Whom you can write to, and what each wakes for.")
public final class Roster extends WatchedVerb {
    private static final String TEAM = "team";

    @Option(
            names = "--scope",
            paramLabel = "team|project",
            description = "the company's agents, or those of projects; ${DEFAULT-VALUE} unless given")
    String scope = TEAM;

    public Roster(Environment environment) {
        super("agent.roster", environment);
    }

    @Override
    protected Reply run() {
        if (!List.of(TEAM, "project").contains(scope)) {
            throw Failure.caller("bad_request", "expected team or project; found " + scope);
        }
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        // Agents of projects are there for one task at a time: nobody can write to them.
        if (scope.equals(TEAM)) {
            Fields.items(api().get(Service.SUPERVISOR, "/v1/agents").body()).forEach(agent -> data.add(line(agent)));
        }
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static ObjectNode line(JsonNode agent) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("role", "state", "last_seen")) {
            line.put(name, Fields.text(agent, name));
        }
        line.putArray("groups").add("@all").add("@ventures");
        ArrayNode events = line.putArray("wakes_for");
        Fields.items(agent.path("triggers")).stream()
                .map(trigger -> Fields.text(trigger, "event"))
                .distinct()
                .forEach(events::add);
        return line;
    }

    private static void print(ArrayNode agents, Screen screen) {
        Table table = new Table("AGENT", "STATE", "LAST SEEN", "GROUPS", "WAKES FOR");
        for (JsonNode agent : agents) {
            String seen = Fields.text(agent, "last_seen");
            table.row(
                    Fields.text(agent, "role"),
                    Fields.text(agent, "state"),
                    seen.isEmpty() ? "never" : screen.ages().of(seen),
                    Fields.text(agent, "groups"),
                    Fields.text(agent, "wakes_for"));
        }
        if (table.isEmpty()) {
            screen.line("nobody can be written to there");
        } else {
            table.print(screen);
        }
    }
}

package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq agent figures}: how operator does, and which records two of its tasks changed within the hour. */
@Command(name = "figures", description = "How an agent does, from graph and ledger.")
public final class AgentFigures extends WatchedVerb {
    @Parameters(paramLabel = "ROLE", arity = "0..1", description = "${DEFAULT-VALUE} unless given")
    String role = "operator";

    public AgentFigures(Environment environment) {
        super("agent.figures", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data =
                api().get(Service.TOOL_REGISTRY, Api.path("/v1/figures/", role)).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("FIGURE", "VALUE", "UNIT", "GOAL", "HOLDS", "FROM").right(1);
        for (JsonNode figure : data.path("figures")) {
            boolean measured = figure.path("holds").isBoolean();
            boolean holds = figure.path("holds").asBoolean();
            table.row(
                            Fields.text(figure, "name"),
                            measured ? Fields.text(figure, "value") : "-",
                            Fields.text(figure, "unit"),
                            Fields.text(figure, "goal"),
                            measured ? holds ? "yes" : "no" : "nothing to measure",
                            Fields.text(figure, "source"))
                    .style(4, holds || !measured ? Style.GOOD : Style.CAUTION);
        }
        table.print(screen);
        for (JsonNode conflict : data.path("write_conflicts")) {
            screen.line("changed by two tasks: " + Fields.text(conflict, "title") + " ("
                    + Fields.text(conflict, "target") + ")");
        }
    }
}

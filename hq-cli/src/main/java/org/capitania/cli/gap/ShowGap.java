package org.capitania.cli.gap;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq gap show}. */
@Command(name = "show", description = "What is missing in one respect, worst first.")
public final class ShowGap extends WatchedVerb {
    @Parameters(paramLabel = "GAP", description = "as hq gap list names it, with or without gap_")
    String name = "";

    @Option(names = "--limit", paramLabel = "N", description = "${DEFAULT-VALUE} unless given")
    int limit = 50;

    @Option(names = "--after", paramLabel = "CURSOR", description = "the next page")
    @Nullable
    String after;

    public ShowGap(Environment environment) {
        super("gap.show", environment);
    }

    @Override
    protected Reply run() {
        String path = "/v1/gaps/" + Api.encode(name) + "?limit=" + limit
                + (after == null ? "" : "&after=" + Api.encode(after));
        JsonNode data = api().get(Service.GRAPH_SERVICE, path).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("SEVERITY", "SINCE", "NODE", "WHAT");
        for (JsonNode gap : Fields.items(data)) {
            table.row(
                    Fields.text(gap, "severity"),
                    screen.ages().of(Fields.text(gap, "since")),
                    Fields.text(gap, "slug"),
                    Fields.text(gap, "sentence"));
        }
        if (table.isEmpty()) {
            screen.line("nothing is missing here");
            return;
        }
        table.print(screen);
        String next = Fields.text(data, "next");
        if (!next.isEmpty()) {
            screen.line("more: --after " + next);
        }
    }
}

package org.capitania.cli.gap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq gap list}. */
@Command(name = "list", description = "Everything that may be missing, and how much of it is.")
public final class ListGaps extends WatchedVerb {
    @Option(names = "--all", description = "also those with nothing in them")
    boolean all;

    public ListGaps(Environment environment) {
        super("gap.list", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().get(Service.GRAPH_SERVICE, "/v1/gaps").body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private void print(JsonNode data, Screen screen) {
        List<JsonNode> gaps = Fields.items(data);
        Table table = new Table("GAP", "COUNT", "WORST", "OLDEST", "AGENT", "WHAT").right(1);
        gaps.stream()
                .filter(gap -> all || gap.path("count").asLong() > 0)
                .forEach(gap -> table.row(
                        Fields.text(gap, "name"),
                        Fields.text(gap, "count"),
                        Fields.text(gap, "worst_severity"),
                        screen.ages().of(Fields.text(gap, "oldest")),
                        Fields.text(gap, "agent"),
                        Fields.text(gap, "description")));
        if (table.isEmpty()) {
            screen.line("nothing is missing (" + gaps.size() + " gaps looked at)");
        } else {
            table.print(screen);
        }
    }
}

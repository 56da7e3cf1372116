package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.cli.text.Wrap;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq history}: who changed a node, what and why. */
@Command(name = "history", description = "Every version of a node: who changed what, when and why.")
public final class History extends WatchedVerb {
    private static final int CHANGES_WIDTH = 70;
    private static final int VALUE_WIDTH = 24;

    @Parameters(paramLabel = "SLUG|UUID")
    String slug = "";

    public History(Environment environment) {
        super("history", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().get(Service.GRAPH_SERVICE, Api.path("/v1/nodes/", slug) + "/history")
                .body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("VERSION", "WHEN", "WHO", "DID", "CHANGED", "WHY").right(0);
        for (JsonNode version : Fields.items(data)) {
            table.row(
                    Fields.text(version, "version"),
                    screen.ages().of(Fields.text(version, "recorded_at")),
                    Fields.text(version, "actor"),
                    Fields.text(version, "op"),
                    Wrap.cut(changes(version), CHANGES_WIDTH),
                    Fields.text(version, "reason"));
        }
        table.print(screen);
        String since = Fields.text(data, "known_since");
        if (!since.isEmpty()) {
            screen.line("history is kept since " + since);
        }
    }

    /** What differs from the version before, as {@code status: open → done}; a first version only names its fields. */
    private static String changes(JsonNode version) {
        boolean first = Fields.text(version, "op").equals("insert");
        return Fields.items(version.path("changes")).stream()
                .map(change -> {
                    String path = Fields.text(change, "path").replaceFirst("^props\\.", "");
                    String before = Wrap.cut(Fields.text(change, "before"), VALUE_WIDTH);
                    String after = Wrap.cut(Fields.text(change, "after"), VALUE_WIDTH);
                    return first
                            ? path
                            : path + ": " + (before.isEmpty() ? "" : before + " → ")
                                    + (after.isEmpty() ? "nothing" : after);
                })
                .collect(Collectors.joining(first ? " " : ", "));
    }
}

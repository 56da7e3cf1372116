package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq search}. */
@Command(name = "search", description = "Find nodes by their words.")
public final class Search extends Verb {
    @Parameters(arity = "1..*", paramLabel = "WORDS")
    List<String> words = List.of();

    @Option(names = "--type", split = ",", paramLabel = "TYPE", description = "only nodes of these types")
    List<String> types = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "${DEFAULT-VALUE} unless given")
    int limit = 20;

    public Search(Environment environment) {
        super("search", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("query", String.join(" ", words)).put("limit", limit);
        if (!types.isEmpty()) {
            types.forEach(body.putArray("types")::add);
        }
        JsonNode data = api().post(Service.GRAPH_SERVICE, "/v1/search", body).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("TYPE", "NODE", "TITLE");
        for (JsonNode hit : Fields.items(data)) {
            String snippet = Fields.text(hit, "snippet").replace("**", "");
            table.row(
                    Fields.text(hit, "type"),
                    Fields.text(hit, "slug"),
                    Fields.text(hit, "title") + (snippet.isEmpty() ? "" : "  – " + snippet));
        }
        if (table.isEmpty()) {
            screen.line("nothing found");
        } else {
            table.print(screen);
        }
    }
}

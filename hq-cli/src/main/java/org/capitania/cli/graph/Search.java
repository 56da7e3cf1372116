package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Durations;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq search}. */
@Command(name = "search", description = "Find nodes by their words, their names and their meaning.")
public final class Search extends Verb {
    @Parameters(arity = "1..*", paramLabel = "QUERY")
    List<String> words = List.of();

    @Option(
            names = "--type",
            split = ",",
            paramLabel = "TYPE",
            description = "only nodes of these types; traces, runs and sessions of agents only so")
    List<String> types = List.of();

    @Option(names = "--status", split = ",", paramLabel = "S", description = "only nodes in one of these statuses")
    List<String> statuses = List.of();

    @Option(names = "--tag", split = ",", paramLabel = "TAG", description = "only nodes that carry all of these")
    List<String> tags = List.of();

    @Option(names = "--producer", paramLabel = "SLUG", description = "only what came from this producer")
    @Nullable
    String producer;

    @Option(
            names = "--entity",
            paramLabel = "SLUG",
            description = "only what belongs to this entity, its people or its projects")
    @Nullable
    String entity;

    @Option(names = "--since", paramLabel = "TIME", description = "ISO-8601, or an age such as 2d")
    @Nullable
    String since;

    @Option(names = "--until", paramLabel = "TIME", description = "likewise; what happened then is left out")
    @Nullable
    String until;

    @Option(names = "--limit", paramLabel = "N", description = "${DEFAULT-VALUE} unless given, at most 50")
    int limit = 20;

    public Search(Environment environment) {
        super("search", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("query", String.join(" ", words)).put("limit", limit);
        list(body, "types", types);
        list(body, "statuses", statuses);
        list(body, "tags", tags);
        body.put("producer", producer).put("entity", entity);
        body.put("since", time(since)).put("until", time(until));
        JsonNode data = api().post(Service.GRAPH_SERVICE, "/v1/search", body).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void list(ObjectNode body, String name, List<String> values) {
        if (!values.isEmpty()) {
            values.forEach(body.putArray(name)::add);
        }
    }

    private @Nullable String time(@Nullable String given) {
        return given == null
                ? null
                : Durations.instant(given, environment().clock().instant(), ZoneId.systemDefault())
                        .toString();
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("TYPE", "NODE", "TITLE");
        for (JsonNode hit : Fields.items(data)) {
            String snippet = plain(Fields.text(hit, "snippet"));
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
        String note = Fields.text(data, "note");
        if (!note.isEmpty()) {
            screen.line(screen.paint(Screen.Style.DIM, note));
        }
    }

    /** A snippet without its marks; what stands there as HTML entities is text. */
    private static String plain(String snippet) {
        return snippet.replace("**", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}

package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Durations;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq timeline}. */
@Command(name = "timeline", description = "What happened, newest first.")
public final class Timeline extends WatchedVerb {
    /** What a company does and what happens to it; not who there is, and not what agents keep for themselves. */
    private static final String TYPES = "interaction,event,task,engagement,project,feature,intent,expectation,decision,"
            + "proposal,review,quote,invoice,payment,expense,deliverable,document,risk,alert,open_question";

    @Option(
            names = {"--entity", "--about"},
            paramLabel = "SLUG",
            description = "only what is about this node")
    @Nullable
    String about;

    @Option(names = "--since", paramLabel = "TIME", description = "ISO-8601, or an age such as 2d")
    @Nullable
    String since;

    @Option(names = "--limit", paramLabel = "N", description = "${DEFAULT-VALUE} unless given")
    int limit = 50;

    public Timeline(Environment environment) {
        super("timeline", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = about == null
                ? ofAll()
                : api().get(Service.GRAPH_SERVICE, "/v1/timeline?limit=" + limit + "&about=" + Api.encode(about))
                        .body();
        if (since != null && data instanceof ObjectNode timeline) {
            Instant first = Durations.instant(since, environment().clock().instant(), ZoneId.systemDefault());
            ArrayNode later = JsonNodeFactory.instance.arrayNode();
            Fields.items(data).stream()
                    .filter(entry -> !Instant.parse(Fields.text(entry, "at")).isBefore(first))
                    .forEach(later::add);
            timeline.set("items", later);
        }
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    /** The latest of the whole company, by when it came to be known. */
    private ObjectNode ofAll() {
        ObjectNode timeline = JsonNodeFactory.instance.objectNode();
        ArrayNode items = timeline.putArray("items");
        for (JsonNode node :
                Fields.items(api().get(Service.GRAPH_SERVICE, "/v1/nodes?type=" + TYPES + "&limit=" + limit)
                        .body())) {
            ObjectNode item = items.addObject();
            item.put("at", Fields.first(node, "occurred_at", "created_at"));
            for (String name : List.of("id", "slug", "type", "title", "status", "tainted")) {
                item.set(name, node.get(name));
            }
        }
        return timeline;
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("WHEN", "TYPE", "NODE", "VIA", "TITLE");
        for (JsonNode item : Fields.items(data)) {
            table.row(
                    screen.ages().of(Fields.text(item, "at")),
                    Fields.text(item, "type"),
                    Fields.text(item, "slug"),
                    Fields.text(item, "via"),
                    Fields.text(item, "title"));
        }
        if (table.isEmpty()) {
            screen.line("nothing happened");
        } else {
            table.print(screen);
        }
    }
}

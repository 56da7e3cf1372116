package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
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
public final class Timeline extends Verb {
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
        String of = about == null ? "" : "&about=" + Api.encode(about);
        JsonNode data = api().get(Service.GRAPH_SERVICE, "/v1/timeline?limit=" + limit + of)
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

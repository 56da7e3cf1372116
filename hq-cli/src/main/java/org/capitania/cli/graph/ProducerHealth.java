package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq producer health}: whether what facts come from is in use, and when the last one came. */
@Command(name = "health", description = "Where facts come from: whether it is in use, and when the last one came.")
public final class ProducerHealth extends WatchedVerb {
    private static final int MOST = 500;

    @Parameters(paramLabel = "PRODUCER", arity = "0..1", description = "its slug or id; all unless named")
    @Nullable
    String slug;

    public ProducerHealth(Environment environment) {
        super("producer.health", environment);
    }

    @Override
    protected Reply run() {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        producers().forEach(producer -> items.add(health(producer)));
        JsonNode data = JsonNodeFactory.instance.objectNode().set("items", items);
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private List<JsonNode> producers() {
        if (slug == null) {
            return Fields.items(api().get(Service.GRAPH_SERVICE, "/v1/nodes?type=producer&limit=" + MOST)
                    .body());
        }
        JsonNode node = api().get(Service.GRAPH_SERVICE, Api.path("/v1/nodes/", slug))
                .body()
                .path("node");
        if (!Fields.text(node, "type").equals("producer")) {
            throw Failure.notFound(slug + " is no producer but: " + Fields.text(node, "type"))
                    .withHint("hq producer list names them");
        }
        return List.of(node);
    }

    private ObjectNode health(JsonNode producer) {
        JsonNode props = producer.path("props");
        JsonNode last = Fields.items(api().get(
                                Service.GRAPH_SERVICE,
                                "/v1/nodes?limit=1&archived=true&producer=" + Fields.text(producer, "id"))
                        .body())
                .stream()
                .findFirst()
                .orElse(JsonNodeFactory.instance.objectNode());
        ObjectNode health = JsonNodeFactory.instance.objectNode();
        health.put("id", Fields.text(producer, "id")).put("slug", Fields.text(producer, "slug"));
        health.put("kind", Fields.text(props, "kind")).put("status", Fields.text(producer, "status"));
        health.put("trust", Fields.text(props, "trust"));
        health.put("mapped", props.path("mapped").asBoolean(true));
        health.set("last_fact_at", last.get("created_at"));
        health.set("last_fact", last.get("slug"));
        return health;
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("PRODUCER", "KIND", "STATUS", "TRUST", "LAST FACT", "WHICH");
        for (JsonNode item : Fields.items(data)) {
            String status = item.path("mapped").asBoolean() ? Fields.text(item, "status") : "unmapped";
            String at = Fields.text(item, "last_fact_at");
            table.row(
                            Fields.text(item, "slug"),
                            Fields.text(item, "kind"),
                            status,
                            Fields.text(item, "trust"),
                            at.isEmpty() ? "never" : screen.ages().of(at),
                            Fields.text(item, "last_fact"))
                    .style(2, status.equals("active") ? Style.GOOD : Style.CAUTION);
        }
        if (table.isEmpty()) {
            screen.line("no producers yet: they come with the first facts");
        } else {
            table.print(screen);
        }
    }
}

package org.capitania.cli.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.cli.text.Wrap;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq cypher}: a question to the graph in Cypher, where the database has Apache AGE. */
@Command(
        name = "cypher",
        description =
                "Ask the graph in Cypher, read only: MATCH (c:contact)-[:WORKS_FOR]->(e:entity) RETURN c.name, e.name")
public final class Cypher extends Verb {
    private static final int VALUE_WIDTH = 60;

    @Parameters(paramLabel = "QUERY")
    String query = "";

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "the value of $NAME; a number, true, false, or text")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "--limit", paramLabel = "N", description = "${DEFAULT-VALUE} rows unless given, at most 1000")
    int limit = 100;

    public Cypher(Environment environment) {
        super("cypher", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("query", query).put("limit", limit);
        ObjectNode values = body.putObject("parameters");
        parameters.forEach((name, value) -> values.set(name, value(value)));
        JsonNode data = api().post(Service.GRAPH_SERVICE, "/v1/cypher", body).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static JsonNode value(String given) {
        try {
            JsonNode value = Json.MAPPER.readTree(given);
            return value.isNumber() || value.isBoolean() ? value : TextNode.valueOf(given);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(given);
        }
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table(Fields.items(data.path("columns")).stream()
                .map(JsonNode::asText)
                .toArray(String[]::new));
        for (JsonNode row : Fields.items(data.path("rows"))) {
            table.row(Fields.items(row).stream()
                    .map(value -> Wrap.cut(shown(value), VALUE_WIDTH))
                    .toArray(String[]::new));
        }
        if (table.isEmpty()) {
            screen.line("nothing found");
        } else {
            table.print(screen);
        }
        if (data.path("truncated").asBoolean()) {
            screen.line(screen.paint(Screen.Style.DIM, "there is more; --limit says how much of it"));
        }
    }

    /** A node by its type and slug, as other verbs name it; anything else as it is. */
    private static String shown(JsonNode value) {
        if (value.has("label") && value.at("/properties/slug").isTextual()) {
            return value.path("label").asText() + " "
                    + value.at("/properties/slug").asText();
        }
        return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }
}

package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.Table;
import org.capitania.cli.tool.GeneratedVerb;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq producer health}: whether what facts come from is in use, how much it brings, and what of it failed. */
@Command(
        name = "health",
        description = "Where facts come from: when the last one came, how many lately, and what failed.")
public final class ProducerHealth extends WatchedVerb {
    private static final int MOST = 100;

    @Parameters(paramLabel = "PRODUCER", arity = "0..1", description = "its slug or id; all unless named")
    @Nullable
    String slug;

    public ProducerHealth(Environment environment) {
        super("producer.health", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode arguments =
                body.putObject("arguments").put("action", "health").put("limit", MOST);
        if (slug != null) {
            arguments.put("ref", slug);
        }
        JsonNode result = api().post(Service.TOOL_REGISTRY, "/v1/tools/hq_producer/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw GeneratedVerb.refused(result.path("error"));
        }
        return Reply.of(action(), result.path("data"), screen -> print(result.path("data"), screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("PRODUCER", "KIND", "STATUS", "TRUST", "LAST FACT", "DAY", "WEEK", "FAILED", "WHICH");
        for (JsonNode item : Fields.items(data)) {
            String status = item.path("mapped").asBoolean() ? Fields.text(item, "status") : "unmapped";
            String at = Fields.text(item, "last_fact_at");
            table.row(
                            Fields.text(item, "slug"),
                            Fields.text(item, "kind"),
                            status,
                            Fields.text(item, "trust"),
                            at.isEmpty() ? "never" : screen.ages().of(at),
                            item.path("facts_day").asText(),
                            item.path("facts_week").asText(),
                            item.path("errors_week").asText(),
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

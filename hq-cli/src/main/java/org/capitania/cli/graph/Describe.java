package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Durations;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq describe}, and {@code hq as-of … describe}: one node with its edges. */
public abstract class Describe extends WatchedVerb {
    Describe(String action, Environment environment) {
        super(action, environment);
    }

    final Reply describe(String slug, @Nullable String asOf) {
        String time = asOf == null
                ? ""
                : "?as_of="
                        + Api.encode(
                                Durations.instant(asOf, environment().clock().instant(), ZoneId.systemDefault())
                                        .toString());
        JsonNode data = api().get(Service.GRAPH_SERVICE, Api.path("/v1/nodes/", slug) + time)
                .body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    /** A node in full with its edges, also as a tool answers it. */
    public static void print(JsonNode data, Screen screen) {
        JsonNode node = data.path("node");
        JsonNode props = node.path("props");
        screen.heading(title(node));
        line(screen, "id", Fields.text(node, "id"));
        line(screen, "type", Fields.text(node, "type"));
        line(screen, "slug", Fields.text(node, "slug"));
        line(screen, "status", Fields.text(node, "status"));
        line(screen, "version", Fields.text(node, "version"));
        line(screen, "producer", Fields.text(data.path("producer"), "slug"));
        line(screen, "tags", Fields.text(node, "tags"));
        line(screen, "changed", screen.ages().of(Fields.first(node, "updated_at", "created_at")));
        if (!props.isEmpty()) {
            screen.blank();
            props.properties().forEach(prop -> property(screen, prop.getKey(), Fields.text(prop.getValue())));
        }
        Table edges = new Table("EDGE", "", "TYPE", "NODE", "TITLE");
        for (JsonNode edge : Fields.items(data.path("edges"))) {
            JsonNode other = edge.path("other");
            String slug = Fields.text(other, "slug");
            edges.row(
                    Fields.text(edge, "type"),
                    Fields.text(edge, "direction").equals("in") ? "←" : "→",
                    Fields.text(other, "type"),
                    slug.isEmpty() ? ShortIds.of(Fields.text(other, "id")) : slug,
                    Fields.text(other, "title"));
        }
        if (!edges.isEmpty()) {
            screen.blank();
            edges.print(screen);
        }
        if (data.path("settled").isBoolean() && !data.path("settled").asBoolean()) {
            screen.line("not settled yet: a change from before that time may still be committed");
        }
        if (data.path("more_edges").asBoolean()) {
            screen.line("… and more edges");
        }
    }

    private static String title(JsonNode node) {
        return Fields.first(node, "title", "slug", "id");
    }

    private static void property(Screen screen, String name, String value) {
        if (value.length() > 90 || value.contains("\n")) {
            screen.line(screen.paint(Style.DIM, name));
            screen.paragraph(value, "    ");
        } else {
            line(screen, name, value);
        }
    }

    private static void line(Screen screen, String name, String value) {
        if (!value.isBlank()) {
            screen.line(screen.paint(Style.DIM, String.format("%-16s", name)) + " " + value);
        }
    }

    /** {@code hq describe SLUG}. */
    @Command(name = "describe", description = "One node of the graph with its edges.")
    public static final class Now extends Describe {
        @Parameters(paramLabel = "SLUG|UUID")
        String slug = "";

        public Now(Environment environment) {
            super("describe", environment);
        }

        @Override
        protected Reply run() {
            return describe(slug, null);
        }
    }

    /** {@code hq as-of TIMESTAMP describe SLUG}. */
    @Command(name = "as-of", description = "The same as it was known at a time.")
    public static final class AsOf extends Describe {
        @Parameters(index = "0", paramLabel = "TIMESTAMP", description = "ISO-8601, or an age such as 2h")
        String time = "";

        @Parameters(index = "1", paramLabel = "describe")
        String verb = "";

        @Parameters(index = "2", paramLabel = "SLUG|UUID")
        String slug = "";

        public AsOf(Environment environment) {
            super("as-of.describe", environment);
        }

        @Override
        protected Reply run() {
            if (!verb.equals("describe")) {
                throw Failure.caller("bad_request", "as-of knows describe only; found " + verb);
            }
            return describe(slug, time);
        }
    }
}

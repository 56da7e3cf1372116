package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq types}: the types of nodes and edges, one of them whole, or a new one of the company's own. */
@Command(name = "types", description = "The types of nodes and edges; with a name its schema; --add FILE defines one.")
public final class Types extends Verb {
    @Parameters(arity = "0..1", paramLabel = "NAME")
    @Nullable
    String name;

    @Option(
            names = "--add",
            paramLabel = "FILE",
            description = "define a type of the company's own, or add props to one: {\"kind\", \"name\", \"schema\"}")
    @Nullable
    Path file;

    public Types(Environment environment) {
        super("types", environment);
    }

    @Override
    protected Reply run() {
        if (file != null) {
            JsonNode defined =
                    api().post(Service.GRAPH_SERVICE, "/v1/types", read(file)).body();
            return Reply.of(action(), defined, screen -> print(defined, screen));
        }
        JsonNode all = api().get(Service.GRAPH_SERVICE, "/v1/types").body();
        if (name == null) {
            return Reply.of(action(), all, screen -> list(all, screen));
        }
        List<JsonNode> named = Stream.of("nodes", "edges")
                .flatMap(kind -> Fields.items(all.path(kind)).stream())
                .filter(type -> Fields.text(type, "name").equals(name))
                .toList();
        if (named.isEmpty()) {
            throw Failure.notFound("there is no type " + name).withHint("hq types lists them");
        }
        return Reply.of(action(), Json.tree(named), screen -> named.forEach(type -> print(type, screen)));
    }

    private static ObjectNode read(Path file) {
        try {
            return Json.read(Files.readString(file), ObjectNode.class);
        } catch (IOException e) {
            throw Failure.caller("bad_request", "cannot read " + file + ": " + e.getMessage());
        }
    }

    private static void list(JsonNode all, Screen screen) {
        Table table = new Table("KIND", "TYPE", "OWN", "WHAT IT IS");
        for (String kind : List.of("nodes", "edges")) {
            for (JsonNode type : Fields.items(all.path(kind))) {
                table.row(
                        kind.substring(0, kind.length() - 1),
                        Fields.text(type, "name"),
                        type.at("/schema/x-own").asBoolean() ? "own" : "",
                        Fields.text(type, "description"));
            }
        }
        table.print(screen);
    }

    private static void print(JsonNode type, Screen screen) {
        screen.heading(Fields.text(type, "name")).line(Fields.text(type, "description"));
        screen.line(type.path("schema").toPrettyString());
    }
}

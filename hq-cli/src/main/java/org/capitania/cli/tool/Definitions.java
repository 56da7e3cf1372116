package org.capitania.cli.tool;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.capitania.cli.call.Answer;
import org.capitania.cli.call.Api;
import org.capitania.cli.call.Fleet;
import org.capitania.cli.home.Home;
import org.capitania.cli.text.Fields;
import org.capitania.contract.JsonTree;
import org.capitania.contract.Service;

/**
 * The tools' published definitions. They are kept in the home and sent again only when they have changed, which is asked each time: a new
 * tool has its verb at once.
 */
public final class Definitions {
    private static final String PATH = "/v1/tools";

    private Definitions() {}

    /** All of them, in alphabetical order. */
    public static List<JsonNode> of(Api api) {
        Path file = api.fleet().home().toolDefinitions();
        String from = api.fleet().url(Service.TOOL_REGISTRY).toString();
        Optional<Answer> kept = read(file, from);
        kept.ifPresent(answer -> api.remember(Service.TOOL_REGISTRY, PATH, answer));
        Answer now = api.get(Service.TOOL_REGISTRY, PATH);
        if (now.tag() != null && !now.tag().equals(kept.map(Answer::tag).orElse(null))) {
            keep(file, from, now);
        }
        return Fields.items(now.body().path("tools"));
    }

    /** As they were last known, without asking anybody. */
    public static List<JsonNode> kept(Fleet fleet) {
        return read(
                        fleet.home().toolDefinitions(),
                        fleet.url(Service.TOOL_REGISTRY).toString())
                .map(answer -> Fields.items(answer.body().path("tools")))
                .orElse(List.of());
    }

    private static Optional<Answer> read(Path file, String from) {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            JsonNode kept = JsonTree.read(Files.readAllBytes(file));
            boolean sound = kept.path("from").asText().equals(from)
                    && kept.path("tag").isTextual()
                    && kept.path("body").path("tools").isArray();
            return sound
                    ? Optional.of(
                            new Answer(200, kept.path("body"), kept.path("tag").asText()))
                    : Optional.empty();
        } catch (JacksonException e) {
            // Half a file of a machine that lost power: they are asked for anew.
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Where no home is, as for a fleet elsewhere, nothing is kept. */
    private static void keep(Path file, String from, Answer answer) {
        if (Files.isWritable(Home.parent(file))) {
            ObjectNode kept = JsonNodeFactory.instance.objectNode();
            kept.put("from", from).put("tag", answer.tag()).set("body", answer.body());
            Home.write(file, JsonTree.text(kept));
        }
    }
}

package org.capitania.cli.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq state rebuild --check}: whether the graph follows from its events; exit 2 when it does not. */
@Command(name = "rebuild", description = "Replay the change topics beside the live graph and compare.")
public final class Rebuild extends Verb {
    /** It reads the topics from their beginning. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Option(names = "--check", description = "compare only; nothing is rebuilt in place")
    boolean check;

    public Rebuild(Environment environment) {
        super("state.rebuild", environment);
    }

    @Override
    protected Reply run() {
        if (!check) {
            throw Failure.caller("bad_request", "say --check: the live graph is compared, never replaced");
        }
        JsonNode data = api().post(Service.GRAPH_SERVICE, "/v1/rebuild/check", null, PATIENCE, Map.of())
                .body();
        long differences = data.path("differences").asLong();
        Reply reply = Reply.of(action(), data, screen -> print(data, screen));
        return differences == 0
                ? reply
                : reply.withFailure(Failure.system("state_differs", differences + " rows differ from their events"));
    }

    private static void print(JsonNode data, Screen screen) {
        screen.line(
                data.path("nodes").asLong() + " nodes and " + data.path("edges").asLong() + " edges replayed, "
                        + data.path("differences").asLong() + " differences");
        for (JsonNode example : data.path("examples")) {
            screen.line("  " + Fields.text(example, "kind") + " " + Fields.text(example, "id") + ": live version "
                    + Fields.text(example, "live") + ", replayed version " + Fields.text(example, "replayed"));
        }
    }
}

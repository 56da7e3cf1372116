package org.capitania.cli.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Durations;
import org.capitania.contract.Service;
import org.capitania.contract.api.EventsReplay;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq events replay}: what graph-service published is published again, with the same ids. */
@Command(
        name = "replay",
        description = {
            "Publish graph-service's events again; who has handled one ignores it.",
            "Changes of the graph (hq.graph.nodes, hq.graph.edges) reach back to the beginning of history: older than seven"
                    + " days under new event ids, with the versions they had. All other events are reached for seven days;"
                    + " older ones are in their topics (hq events tail --since)."
        })
public final class ReplayEvents extends Verb {
    @Parameters(arity = "1..*", paramLabel = "TOPIC")
    List<String> topics = List.of();

    @Option(names = "--since", paramLabel = "TIME", description = "ISO-8601, or an age such as 10m; else all there is")
    @Nullable
    String since;

    @Option(names = "--until", paramLabel = "TIME", description = "the same; else up to now")
    @Nullable
    String until;

    public ReplayEvents(Environment environment) {
        super("events.replay", environment);
    }

    @Override
    protected Reply run() {
        Instant from = time(since);
        Instant to = time(until);
        long events = 0;
        String after = null;
        do {
            JsonNode part = api().post(
                            Service.GRAPH_SERVICE, "/v1/events/replays", new EventsReplay(topics, from, to, after))
                    .body();
            events += part.path("events").asLong();
            after = part.path("next").textValue();
        } while (after != null);
        long all = events;
        return Reply.of(
                action(),
                JsonNodeFactory.instance.objectNode().put("events", all),
                screen -> screen.line(all + " events are published again"));
    }

    private @Nullable Instant time(@Nullable String text) {
        return text == null
                ? null
                : Durations.instant(text, environment().clock().instant(), ZoneId.systemDefault());
    }
}

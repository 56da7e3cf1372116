package org.capitania.cli.retention;

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
import org.capitania.contract.api.Retention;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq retention show|set|apply}. */
public final class KeepHistory {
    private static final String PATH = "/v1/retention";

    private KeepHistory() {}

    /** {@code hq retention show}. */
    @Command(name = "show", description = "How long history is kept, and since when it is whole.")
    public static final class Show extends Verb {
        public Show(Environment environment) {
            super("retention.show", environment);
        }

        @Override
        protected Reply run() {
            JsonNode data = api().get(Service.GRAPH_SERVICE, PATH).body();
            return Reply.of(action(), data, screen -> print(data, screen));
        }
    }

    /** {@code hq retention set}: says so only; what is older goes within hours, or with {@code apply}. */
    @Command(name = "set", description = "Keep closed history for so many days (30 at least), or --forever.")
    public static final class Choose extends Verb {
        @Parameters(arity = "0..1", paramLabel = "DAYS")
        @Nullable
        Integer days;

        @Option(names = "--forever", description = "keep all of it, which is the default")
        boolean forever;

        public Choose(Environment environment) {
            super("retention.set", environment);
        }

        @Override
        protected Reply run() {
            if (forever == (days != null)) {
                throw Failure.caller("bad_request", "say how many days, or --forever");
            }
            JsonNode data = api().post(Service.GRAPH_SERVICE, PATH, new Retention.Choice(days))
                    .body();
            return Reply.of(action(), data, screen -> print(data, screen));
        }
    }

    /** {@code hq retention apply}: there is no way back. */
    @Command(name = "apply", description = "Remove now what is older than you keep; it cannot be brought back.")
    public static final class Apply extends Verb {
        private static final Duration PATIENCE = Duration.ofMinutes(30);

        public Apply(Environment environment) {
            super("retention.apply", environment);
        }

        @Override
        protected Reply run() {
            JsonNode data = api().post(Service.GRAPH_SERVICE, PATH + "/removals", null, PATIENCE, Map.of())
                    .body();
            return Reply.of(
                    action(),
                    data,
                    screen -> screen.line(data.path("nodes").asLong() + " rows of nodes and "
                            + data.path("edges").asLong() + " of edges were removed from history"));
        }
    }

    private static void print(JsonNode data, Screen screen) {
        String days = Fields.text(data, "keep_days");
        String by = Fields.text(data, "chosen_by");
        String since = Fields.text(data, "known_since");
        screen.line("closed history is kept " + (days.isEmpty() ? "for ever" : "for " + days + " days")
                + (by.isEmpty() ? "" : ", chosen by " + by + " " + screen.ages().of(Fields.text(data, "chosen_at"))));
        screen.line(since.isEmpty() ? "nothing has been removed" : "it is whole since " + since);
    }
}

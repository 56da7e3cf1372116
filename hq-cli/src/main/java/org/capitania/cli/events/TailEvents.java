package org.capitania.cli.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Durations;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.Wrap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq events tail}: CloudEvents as JSON lines, by time; {@code --text} prints a line for people instead. */
@Command(name = "tail", description = "The latest events as JSON lines (--text for people), and with -f what comes.")
public final class TailEvents extends Verb {
    private static final int DEFAULT_LAST = 20;

    @Parameters(arity = "0..*", paramLabel = "TOPIC", description = "all unless named")
    List<String> topics = List.of();

    @Option(names = "--since", paramLabel = "TIME", description = "ISO-8601, or an age such as 10m; else the last ones")
    @Nullable
    String since;

    @Option(names = "--limit", paramLabel = "N", description = "at most this many")
    @Nullable
    Integer limit;

    @Option(
            names = {"-f", "--follow"},
            description = "go on with what comes, until Ctrl-C")
    boolean follow;

    private int printed;

    public TailEvents(Environment environment) {
        super("events.tail", environment);
    }

    @Override
    protected Reply run() {
        if (limit != null && limit < 1) {
            throw Failure.caller("bad_request", "--limit is at least 1; found " + limit);
        }
        try (EventLog log = EventLog.of(api().fleet())) {
            log.open(topics, start());
            List<ConsumerRecord<String, byte[]>> records = log.readToEnd();
            int most = limit == null ? (since == null ? DEFAULT_LAST : Integer.MAX_VALUE) : limit;
            boolean fromTheEnd = since == null;
            print(
                    fromTheEnd
                            ? records.subList(Math.max(0, records.size() - most), records.size())
                            : records.subList(0, Math.min(most, records.size())));
            // A reader that went away (a closed pipe) ends the following too.
            while (follow
                    && (limit == null || printed < limit)
                    && !environment().out().checkError()) {
                print(log.poll());
            }
        }
        return Reply.printed(action());
    }

    private EventLog.Start start() {
        return since == null
                ? new EventLog.Start.Last(limit == null ? DEFAULT_LAST : limit)
                : new EventLog.Start.Since(
                        Durations.instant(since, environment().clock().instant(), ZoneId.systemDefault()));
    }

    private void print(List<ConsumerRecord<String, byte[]>> records) {
        for (ConsumerRecord<String, byte[]> record : records) {
            if (limit != null && printed >= limit) {
                return;
            }
            printed++;
            ObjectNode event = CloudEvent.of(record);
            if (text()) {
                line(event, screen());
            } else {
                environment().out().println(event);
            }
        }
        environment().out().flush();
    }

    private static void line(ObjectNode event, Screen screen) {
        String reason = Fields.text(event, "reason");
        screen.line(screen.paint(Style.DIM, Wrap.cut(Fields.text(event, "time"), 23)) + "  "
                + screen.paint(Style.BOLD, String.format("%-26s", Fields.text(event, "type"))) + "  "
                + String.format("%-22s", Fields.text(event, "actor")) + "  "
                + (reason.isEmpty() ? "" : reason + "  ")
                + screen.paint(
                        Style.DIM,
                        Wrap.cut(event.path("data").toString(), Math.max(40, Math.min(screen.width(), 200) - 80))));
    }
}

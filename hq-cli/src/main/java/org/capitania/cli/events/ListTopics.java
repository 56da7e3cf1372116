package org.capitania.cli.events;

import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Json;
import picocli.CommandLine.Command;

/** {@code hq events topics}. */
@Command(name = "topics", description = "The topics, and how many events each keeps.")
public final class ListTopics extends Verb {
    public ListTopics(Environment environment) {
        super("events.topics", environment);
    }

    @Override
    protected Reply run() {
        try (EventLog log = EventLog.of(api().fleet())) {
            List<EventLog.Topic> topics = log.topics();
            return Reply.of(action(), Json.tree(topics), screen -> print(topics, screen));
        }
    }

    /** Makes a client and lets it go, so that the JDK records what it loads; asks nobody. */
    public static void rehearse() {
        new EventLog("127.0.0.1:9").close();
    }

    private static void print(List<EventLog.Topic> topics, Screen screen) {
        Table table = new Table("TOPIC", "EVENTS", "PARTITIONS").right(1, 2);
        topics.forEach(t -> table.row(t.name(), Long.toString(t.events()), Integer.toString(t.partitions())));
        table.print(screen);
    }
}

package org.capitania.cli.beat;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;

/** {@code hq beat list}. */
@Command(name = "list", description = "What happens by the clock, when next and when last.")
public final class ListBeats extends WatchedVerb {
    public ListBeats(Environment environment) {
        super("beat.list", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().get(Service.SUPERVISOR, "/v1/beats").body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("BEAT", "SCHEDULE", "ZONE", "NEXT", "LAST", "AGENT", "WHAT");
        for (JsonNode beat : Fields.items(data)) {
            String last = Fields.text(beat, "last_fired_at");
            table.row(
                    Fields.text(beat, "name"),
                    Fields.text(beat, "cron"),
                    Fields.text(beat, "zone"),
                    screen.ages().of(Fields.text(beat, "next_due_at")),
                    last.isEmpty() ? "never" : screen.ages().of(last),
                    Fields.text(beat, "role"),
                    Fields.text(beat, "description"));
        }
        table.print(screen);
    }
}

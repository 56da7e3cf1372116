package org.capitania.cli.watchdog;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq watchdog status}: what it found wrong, and what it did about it. */
@Command(name = "status", description = "What it found wrong and still stands, and what it did about it.")
public final class WatchdogStatus extends WatchedVerb {
    @Option(names = "--all", description = "also what is well again")
    boolean all;

    public WatchdogStatus(Environment environment) {
        super("watchdog.status", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().get(Service.WATCHDOG, "/v1/incidents" + (all ? "" : "?state=open"))
                .body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("TIER", "STATE", "SINCE", "CHECK", "SUBJECT", "SEEN", "DONE", "WHAT").right(5);
        for (JsonNode incident : Fields.items(data)) {
            String tier = Fields.text(incident, "tier");
            boolean open = Fields.text(incident, "state").equals("open");
            table.row(
                            tier,
                            Fields.text(incident, "state"),
                            screen.ages().of(Fields.text(incident, "opened_at")),
                            Fields.text(incident, "check"),
                            Fields.text(incident, "subject"),
                            Fields.text(incident, "seen"),
                            Fields.text(incident, "actions"),
                            Fields.text(incident, "detail"))
                    .style(0, !open ? Style.DIM : tier.equals("soft") ? Style.CAUTION : Style.BAD);
        }
        if (table.isEmpty()) {
            screen.line("the watchdog is awake and sees nothing wrong");
        } else {
            table.print(screen);
        }
    }
}

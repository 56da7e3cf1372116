package org.capitania.cli.notification;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq notification list}. */
@Command(name = "list", description = "What agents told you and nobody has put away, newest first.")
public final class ListNotifications extends WatchedVerb {
    @Option(names = "--all", description = "those that were put away, too")
    boolean all;

    public ListNotifications(Environment environment) {
        super("notification.list", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().get(Service.APPROVAL_SERVICE, "/v1/notifications?all=" + all)
                .body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("ID", "SENT", "FROM", "URGENCY", "PUT AWAY BY", "TEXT");
        for (JsonNode told : Fields.items(data)) {
            table.row(
                    ShortIds.of(Fields.text(told, "id")),
                    screen.ages().of(Fields.text(told, "sent_at")),
                    Fields.text(told, "from"),
                    Fields.text(told, "urgency"),
                    Fields.text(told, "resolved_by"),
                    Fields.text(told, "text"));
        }
        if (table.isEmpty()) {
            screen.line("nothing");
        } else {
            table.print(screen);
        }
    }
}

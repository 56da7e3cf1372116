package org.capitania.cli.action;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;

/** {@code hq action doubts}. */
@Command(name = "doubts", description = "What may or may not have happened, and waits for you to look.")
public final class ListDoubts extends Verb {
    public ListDoubts(Environment environment) {
        super("action.doubts", environment);
    }

    @Override
    protected Reply run() {
        JsonNode doubts = api().get(Service.TOOL_REGISTRY, "/v1/doubts").body();
        return Reply.of(action(), doubts, screen -> print(doubts, screen));
    }

    static void print(JsonNode doubts, Screen screen) {
        if (doubts.path("items").isEmpty()) {
            screen.line("nothing is in doubt");
        }
        doubts.path("items")
                .forEach(doubt -> screen.line(Fields.text(doubt, "id") + "  " + Fields.text(doubt, "tool") + " by "
                        + Fields.text(doubt, "actor") + ": " + Fields.text(doubt, "why")));
    }
}

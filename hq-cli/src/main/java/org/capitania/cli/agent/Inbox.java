package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq agent inbox}: the messages between agents, and to them. */
@Command(name = "inbox", description = "Messages to the agents, newest first.")
public final class Inbox extends WatchedVerb {
    @Parameters(paramLabel = "ROLE", arity = "0..1", description = "only those to this agent")
    @Nullable
    String role;

    @Option(names = "--from", paramLabel = "SENDER", description = "only those of this sender, for example agent:chief")
    @Nullable
    String from;

    @Option(names = "--unread", description = "only questions that wait for an answer")
    boolean unread;

    public Inbox(Environment environment) {
        super("agent.inbox", environment);
    }

    @Override
    protected Reply run() {
        String query = Stream.of(
                        parameter("to", role), parameter("from", from), parameter("state", unread ? "waiting" : null))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("&"));
        JsonNode data = api().get(Service.SUPERVISOR, "/v1/messages" + (query.isEmpty() ? "" : "?" + query))
                .body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static Optional<String> parameter(String name, @Nullable String value) {
        return Optional.ofNullable(value).map(v -> name + "=" + Api.encode(v));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("ID", "SENT", "FROM", "TO", "STATE", "TEXT");
        for (JsonNode message : Fields.items(data)) {
            String reply = Fields.text(message, "reply");
            table.row(
                    ShortIds.of(Fields.text(message, "message_id")),
                    screen.ages().of(Fields.text(message, "sent_at")),
                    Fields.text(message, "from"),
                    Fields.text(message, "to"),
                    Fields.text(message, "state"),
                    Fields.text(message, "text") + (reply.isEmpty() ? "" : "  → " + reply));
        }
        if (table.isEmpty()) {
            screen.line("no messages");
        } else {
            table.print(screen);
        }
    }
}

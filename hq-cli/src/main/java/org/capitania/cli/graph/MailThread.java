package org.capitania.cli.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.contract.Service;

/** The mails of a conversation, oldest first. */
public final class MailThread {
    private static final int LAST = 8;

    private MailThread() {}

    /** One mail as people read it. */
    public record Message(String at, String direction, String from, String subject, String body) {
        public void print(Screen screen) {
            screen.line("  " + screen.paint(Style.BOLD, from) + "  "
                    + screen.paint(Style.DIM, screen.ages().of(at) + "  " + subject));
            screen.paragraph(body, "    ");
            screen.blank();
        }
    }

    /** The last mails that belong to a conversation. */
    public static List<Message> of(Api api, String conversation) {
        JsonNode node = api.get(Service.GRAPH_SERVICE, Api.path("/v1/nodes/", conversation))
                .body();
        List<Message> messages = Fields.items(node.path("edges")).stream()
                .filter(edge -> Fields.text(edge, "type").equals("part_of"))
                .map(edge -> edge.path("other"))
                .filter(other -> Fields.text(other, "type").equals("interaction"))
                .map(other -> api.get(Service.GRAPH_SERVICE, Api.path("/v1/nodes/", Fields.text(other, "id")))
                        .body())
                .map(MailThread::message)
                .sorted(Comparator.comparing(Message::at))
                .toList();
        return messages.subList(Math.max(0, messages.size() - LAST), messages.size());
    }

    private static Message message(JsonNode answer) {
        JsonNode node = answer.path("node");
        JsonNode props = node.path("props");
        String sent = Fields.first(props, "sent_at");
        return new Message(
                sent.isEmpty() ? Fields.first(node, "occurred_at", "created_at") : sent,
                Fields.text(props, "direction"),
                Fields.text(props, "from"),
                Fields.text(props, "subject"),
                Fields.text(props, "body_text"));
    }
}

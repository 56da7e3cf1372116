package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.freezing.FrozenCalls;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** A whole thread, oldest message first. Reading it taints the task with the conversation. */
@ApplicationScoped
class EmailThreadRead implements ToolHandler {
    private static final int MESSAGES = 50;
    private static final int LONGEST_BODY = 30_000;
    private static final int LONGEST_THREAD = 150_000;

    private final Graph graph;
    private final MailConfig config;
    private final Sql sql;
    private final FrozenCalls frozen;

    EmailThreadRead(Graph graph, MailConfig config, Sql sql, FrozenCalls frozen) {
        this.graph = graph;
        this.config = config;
        this.sql = sql;
        this.frozen = frozen;
    }

    @Override
    public String tool() {
        return "email_thread_read";
    }

    @Override
    public Result call(Call call) {
        Conversation thread = Conversation.read(graph, call.scope(), call.text("conversation_id"));
        int limit = call.number("limit", MESSAGES);
        List<NodeView> shown = thread.messages()
                .subList(
                        Math.max(0, thread.messages().size() - limit),
                        thread.messages().size());
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.putObject("conversation")
                .put("id", thread.node().id())
                .put("slug", thread.node().slug())
                .put("subject", subject(thread))
                .put("version", thread.node().version());
        ArrayNode messages = data.putArray("messages");
        // The latest messages matter most: they get their text first.
        int left = LONGEST_THREAD;
        for (NodeView message : shown.reversed()) {
            ObjectNode one = message(message, Math.min(LONGEST_BODY, left));
            left -= one.path("body_text").asText().length();
            messages.insert(0, one);
        }
        data.set("participants", participants(call.scope(), thread));
        thread.waiting().ifPresent(message -> data.set("answer", answer(call.scope(), message, thread)));
        data.put("omitted", thread.messages().size() - shown.size());
        data.put("tainted", true);
        return Result.of(data).taintedBy(List.of("conversation:" + thread.node().id()));
    }

    private static ObjectNode message(NodeView node, int room) {
        ObjectNode m = Json.MAPPER.createObjectNode();
        m.put("id", node.id()).put("slug", node.slug()).put("direction", Conversation.inbound(node) ? "in" : "out");
        for (String name : List.of("from", "from_name", "subject", "sent_at", "classification")) {
            String text = node.text(name);
            if (text != null) {
                m.put(name, text);
            }
        }
        if (!m.has("sent_at")) {
            m.put("sent_at", Conversation.at(node).toString());
        }
        m.set("to", node.props().path("to").isArray() ? node.props().path("to") : Json.MAPPER.createArrayNode());
        m.set("cc", node.props().path("cc").isArray() ? node.props().path("cc") : Json.MAPPER.createArrayNode());
        String body = node.text("body_text") == null ? "" : node.text("body_text");
        String cut = body == null || body.length() <= room ? body : body.substring(0, Math.max(0, room));
        m.put("body_text", cut);
        m.put("truncated", node.props().path("truncated").asBoolean(false) || (body != null && !body.equals(cut)));
        ArrayNode attachments = m.putArray("attachments");
        for (JsonNode a : node.props().path("attachments")) {
            attachments
                    .addObject()
                    .put("name", a.path("name").asText())
                    .put("content_type", a.path("content_type").asText())
                    .put("size", a.path("size").asLong());
        }
        return m;
    }

    private ArrayNode participants(Scope scope, Conversation thread) {
        ArrayNode people = Json.MAPPER.createArrayNode();
        for (Map.Entry<String, String> person : thread.people().entrySet()) {
            if (!person.getKey().equals(Address.key(config.from()))) {
                ObjectNode p =
                        people.addObject().put("address", person.getKey()).put("name", person.getValue());
                graph.contact(scope, person.getKey()).ifPresent(contact -> p.put("contact_id", contact.id()));
            }
        }
        return people;
    }

    private ObjectNode answer(Scope scope, NodeView message, Conversation thread) {
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.put("in_reply_to_interaction", message.id());
        Set<String> to = new LinkedHashSet<>();
        message.props().path("reply_to").forEach(a -> to.add(Address.key(a.asText())));
        String from = message.text("from");
        if (to.isEmpty() && from != null) {
            to.add(Address.key(from));
        }
        to.remove(Address.key(config.from()));
        to.forEach(answer.putArray("to")::add);
        answer.put("subject", reply(message.text("subject") == null ? subject(thread) : message.text("subject")));
        sql.read(scope, tx -> frozen.waitingOn(tx, thread.node().id())).stream()
                .filter(waiting ->
                        waiting.tool().equals("email_send") && message.id().equals(waiting.interactionId()))
                .findFirst()
                .ifPresent(waiting -> answer.putObject("drafted")
                        .put("proposal_id", waiting.proposalId())
                        .put("since", waiting.createdAt().toString()));
        return answer;
    }

    private static String subject(Conversation thread) {
        String subject = thread.node().text("subject");
        return subject == null ? thread.node().title() : subject;
    }

    private static String reply(@Nullable String subject) {
        String line = subject == null || subject.isBlank()
                ? "your message"
                : subject.strip().replaceAll("[\\r\\n]+", " ");
        String re = line.regionMatches(true, 0, "re:", 0, 3) ? line : "Re: " + line;
        return re.length() <= 300 ? re : re.substring(0, 300);
    }
}

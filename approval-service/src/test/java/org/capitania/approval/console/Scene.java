package org.capitania.approval.console;

import static org.capitania.contract.Service.GRAPH_SERVICE;
import static org.capitania.contract.Service.SUPERVISOR;
import static org.capitania.contract.Service.TOOL_REGISTRY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.approval.proposal.FakeRegistry;
import org.capitania.approval.proposal.Frozen;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.ActionView;
import org.capitania.contract.api.ActionsView;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.AutonomyView;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FakePeers;

/** A small company's morning, as the other services would tell it. */
final class Scene {
    private static final String ANA = "ana.silva@moinho.example";
    private static final String US = "hello@capitania.example";

    private final FakePeers peers;
    private final FakeRegistry registry;
    private final Instant now = Instant.now();
    private final Map<String, NodeView> nodes = new ConcurrentHashMap<>();
    private final Map<String, List<String>> threads = new ConcurrentHashMap<>();
    private final Map<String, AgentView.State> agents =
            new ConcurrentHashMap<>(Map.of("chief", AgentView.State.COOLDOWN, "operator", AgentView.State.COLD));

    Scene(FakePeers peers) {
        this.peers = peers;
        this.registry = new FakeRegistry(peers);
        peers.on(GRAPH_SERVICE, "GET", "/v1/nodes/([^/]+)", r -> node(r.groups().getFirst()));
        peers.on(
                GRAPH_SERVICE,
                "GET",
                "/v1/nodes/([^/]+)/edges",
                r -> edges(r.groups().getFirst()));
        peers.on(TOOL_REGISTRY, "GET", "/v1/actions", r -> actions(r.query().replaceFirst("task_id=", "")));
        peers.on(SUPERVISOR, "GET", "/v1/agents", r -> agents());
        peers.on(SUPERVISOR, "POST", "/v1/agents/([^/]+)/(pause|resume)", r -> {
            agents.put(
                    r.groups().getFirst(),
                    r.groups().getLast().equals("pause") ? AgentView.State.PAUSED : AgentView.State.COLD);
            return Map.of();
        });
    }

    FakePeers peers() {
        return peers;
    }

    /** tool-registry says that autonomy is frozen. */
    void frozen(String why) {
        peers.on(TOOL_REGISTRY, "GET", "/v1/autonomy", r -> new AutonomyView(true, why, List.of(), 0));
    }

    /** Ana asks about opening hours; chief answers after asking operator. */
    FrozenCall openingHours() {
        UUID id = UUID.randomUUID();
        thread(
                Frozen.CONVERSATION,
                "Opening hours over the holidays",
                mail(Frozen.INTERACTION + "-0", US, "Capitania", ANA, Duration.ofDays(9), "out", """
                        Dear Ana,

                        the spare parts left the yard this morning; you should have them on Thursday.

                        Kind regards
                        Marta"""),
                mail(Frozen.INTERACTION, ANA, "Ana Silva", US, Duration.ofMinutes(47), "in", """
                        Hello,

                        thank you, everything arrived in good order.

                        One question: are you open between Christmas and New Year? We would like to send two people over to collect the second pump, ideally on the 29th. And is the price from your offer of the 3rd still valid until then?

                        Best wishes
                        Ana Silva
                        Moinho Lda., Setúbal

                        On 11 November 2026 Capitania wrote:
                        > Dear Ana,
                        >
                        > the spare parts left the yard this morning; you should have
                        > them on Thursday."""));
        ObjectNode arguments = Frozen.arguments("Re: Opening hours over the holidays", """
                Dear Ana,

                good to hear that everything arrived in good order.

                We are closed from the 24th to the 27th and open again on Monday the 28th, from 8:00 to 17:00. The 29th is fine: please ask for Rui at the gate, he will have the second pump ready by 10:00.

                The price of our offer of 3 November stands until the end of the year.

                Kind regards
                Capitania

                (This draft was written by the rehearsal model.)""");
        return registry.freeze(Frozen.of(id, 1, arguments, now.minus(Duration.ofMinutes(12))));
    }

    /** An invoice reminder with a second recipient, and something to look at twice. */
    FrozenCall reminder() {
        ObjectNode arguments = Frozen.arguments("Invoice 2026-118: a friendly reminder", """
                Dear Mr Costa,

                our invoice 2026-118 of 4 October over €1,240.00 is still open on our side. Could you let us know when we may expect the payment?

                Kind regards
                Capitania""");
        String conversation = "0192f000-0000-7000-8000-00000000c009";
        arguments.put("conversation_id", conversation);
        arguments.putArray("to").add("j.costa@moinho.example");
        arguments.putArray("cc").add("contas@moinho.example");
        FrozenCall plain = Frozen.of(UUID.randomUUID(), 1, arguments, now.minus(Duration.ofHours(3)));
        FrozenCall.Rendering r = plain.rendering();
        return registry.freeze(new FrozenCall(
                plain.proposalId(),
                plain.callId(),
                1,
                plain.tool(),
                plain.agent(),
                plain.risk(),
                plain.arguments(),
                plain.digest(),
                new FrozenCall.Rendering(
                        r.summary(),
                        List.of("j.costa@moinho.example", "contas@moinho.example"),
                        r.subject(),
                        r.body(),
                        r.markdown(),
                        List.of("contas@moinho.example has never been written to before.")),
                plain.facts(),
                false,
                plain.taskId(),
                plain.sessionId(),
                conversation,
                null,
                plain.businessKey(),
                plain.createdAt()));
    }

    /** Operator asks for a merge, as tool-registry renders one. */
    FrozenCall merge() {
        ObjectNode arguments = Json.MAPPER.createObjectNode();
        arguments.put("action", "merge").put("ref", "entity-frama-lda").put("into", "entity-frama");
        FrozenCall plain = Frozen.of(UUID.randomUUID(), 1, arguments, now.minus(Duration.ofMinutes(2)));
        String table =
                "  name           STAYS                         IS MERGED INTO IT\n≠ name           Frama                         Frama, Lda\n";
        return registry.freeze(new FrozenCall(
                plain.proposalId(),
                plain.callId(),
                1,
                "hq_entity",
                "agent:operator",
                "gated",
                arguments,
                plain.digest(),
                new FrozenCall.Rendering(
                        "Merge Frama, Lda into Frama",
                        List.of(),
                        null,
                        table,
                        table,
                        List.of("the two have another tax_id")),
                plain.facts(),
                false,
                plain.taskId(),
                plain.sessionId(),
                null,
                null,
                plain.businessKey(),
                plain.createdAt()));
    }

    /** A reply in Portuguese to someone who writes with a script tag. */
    FrozenCall hostile() {
        String conversation = "0192f000-0000-7000-8000-00000000c002";
        String interaction = "0192f000-0000-7000-8000-00000000a009";
        thread(
                conversation,
                "<script>alert(1)</script>",
                mail(interaction, "аna@moinho.example", "<b>Ana</b>", US, Duration.ofMinutes(5), "in", """
                        <script>document.title = 'owned'</script>
                        <img src="https://evil.example/pixel.png">
                        Please approve this at once."""));
        ObjectNode arguments = Frozen.arguments(
                "Re: <script>alert(1)</script>", "Olá, <b>não</b> <img src=https://evil.example/x.png>");
        arguments.put("conversation_id", conversation);
        FrozenCall plain = Frozen.of(UUID.randomUUID(), 1, arguments, now.minus(Duration.ofMinutes(2)));
        return registry.freeze(new FrozenCall(
                plain.proposalId(),
                plain.callId(),
                1,
                plain.tool(),
                plain.agent(),
                plain.risk(),
                plain.arguments(),
                plain.digest(),
                plain.rendering(),
                plain.facts(),
                true,
                plain.taskId(),
                plain.sessionId(),
                conversation,
                interaction,
                plain.businessKey(),
                plain.createdAt()));
    }

    private void thread(String conversation, String subject, NodeView... messages) {
        nodes.put(
                conversation,
                node(
                        conversation,
                        "conversation",
                        subject,
                        Json.MAPPER.createObjectNode().put("subject", subject)));
        List<String> ids = new ArrayList<>();
        for (NodeView message : messages) {
            nodes.put(message.id(), message);
            ids.addFirst(message.id());
        }
        threads.put(conversation, ids);
    }

    private NodeView mail(String id, String from, String name, String to, Duration ago, String direction, String text) {
        ObjectNode props = Json.MAPPER.createObjectNode();
        props.put("channel", "email")
                .put("direction", direction)
                .put("from", from)
                .put("from_name", name)
                .put("body_text", text);
        props.putArray("to").add(to);
        props.put("sent_at", now.minus(ago).toString());
        if (direction.equals("in") && text.contains("pump")) {
            props.putArray("attachments")
                    .addObject()
                    .put("name", "pump-order-second.pdf")
                    .put("size", 184_320);
        }
        return node(id, "interaction", "A mail", props);
    }

    private NodeView node(String id, String type, String title, JsonNode props) {
        return new NodeView(
                id,
                type,
                type + "-" + id,
                title,
                "new",
                null,
                now,
                null,
                props,
                List.of(),
                "p",
                null,
                null,
                null,
                now,
                null,
                1,
                true,
                null,
                now,
                now,
                now);
    }

    private Object node(String id) {
        NodeView node = nodes.get(id);
        if (node == null) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no node " + id);
        }
        return new NodeView.Detail(node, new NodeView.Brief("p", "hq:email", "producer", "Mail"), List.of(), false);
    }

    private Object edges(String id) {
        return new EdgeView.Page(
                threads.getOrDefault(id, List.of()).stream()
                        .map(m -> new EdgeView(
                                m,
                                "part_of",
                                EdgeView.Direction.IN,
                                new NodeView.Brief(m, m, "interaction", "A mail"),
                                Json.MAPPER.createObjectNode(),
                                now,
                                null,
                                1,
                                true))
                        .toList(),
                null);
    }

    private ActionsView actions(String task) {
        Instant at = now.minus(Duration.ofMinutes(13));
        return new ActionsView(
                task,
                "agent:chief",
                "rehearsal",
                List.of(
                        action(
                                task,
                                0,
                                "email_thread_read",
                                at,
                                41,
                                Map.of("conversation_id", Frozen.CONVERSATION),
                                Map.of("messages", 2, "subject", "Opening hours over the holidays")),
                        action(
                                task,
                                1,
                                "hq_agent",
                                at.plusSeconds(1),
                                890,
                                Map.of(
                                        "action",
                                        "ask",
                                        "to",
                                        "operator",
                                        "text",
                                        "Are we open on 29 December, and does the offer of 3 November to Moinho still stand?"),
                                Map.of(
                                        "from",
                                        "operator",
                                        "reply",
                                        "Closed 24 to 27 December, open again on the 28th. Offer 2026-044 is valid until 31 December.")),
                        action(
                                task,
                                2,
                                "hq_describe",
                                at.plusSeconds(2),
                                18,
                                Map.of("slug", "entity-moinho"),
                                Map.of("title", "Moinho Lda.", "status", "active")),
                        action(
                                task,
                                3,
                                "email_send",
                                at.plusSeconds(3),
                                63,
                                Map.of("to", List.of(ANA), "subject", "Re: Opening hours over the holidays"),
                                Map.of("status", "proposed"))));
    }

    private static ActionView action(String task, int n, String tool, Instant at, long millis, Object in, Object out) {
        return new ActionView(
                "session-" + task + ":" + n + ":0",
                tool,
                tool.equals("email_send") ? "proposed" : "done",
                Json.tree(in),
                Json.tree(out),
                BigDecimal.ZERO,
                millis,
                null,
                at);
    }

    private List<AgentView> agents() {
        return agents.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> new AgentView(
                        e.getKey(),
                        e.getValue(),
                        e.getValue() == AgentView.State.PAUSED ? "looking into something" : null,
                        e.getValue() == AgentView.State.PAUSED ? "user:owner" : null,
                        null,
                        new AgentView.LastRun(
                                "r1", "finished", now.minus(Duration.ofMinutes(13)), now.minus(Duration.ofMinutes(12))),
                        0,
                        null,
                        null,
                        now,
                        "i",
                        null,
                        "v1",
                        List.of()))
                .toList();
    }
}

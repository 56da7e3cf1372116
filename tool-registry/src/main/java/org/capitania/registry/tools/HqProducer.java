package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;

/** What the form of {@code hq_producer} cannot say: whether sources still bring anything, how much, and what of it could not be taken. */
@ApplicationScoped
class HqProducer implements ToolHandler {
    private static final Duration WEEK = Duration.ofDays(7);
    /** Of each kind that did not arrive, the newest so many are looked at. */
    private static final int MOST = 500;

    private static final int LONGEST = 300;

    private final Graph graph;
    private final Peers peers;
    private final Clock clock;

    HqProducer(Graph graph, Peers peers, Clock clock) {
        this.graph = graph;
        this.peers = peers;
        this.clock = clock;
    }

    @Override
    public String tool() {
        return "hq_producer";
    }

    @Override
    public Result call(Call call) {
        String ref = call.textOrNull("ref");
        List<NodeView> producers = ref == null
                ? graph.find(call.scope(), NodeQuery.ofType("producer").limit(call.number("limit", 20)))
                : List.of(graph.node(call.scope(), ref, "producer"));
        Map<String, GraphStats.Throughput> brought = graph.throughputs(call.scope());
        List<EmailView> lost = producers.stream().anyMatch(HqProducer::mail) ? lost(call) : List.of();
        List<NodeView> read = new ArrayList<>(producers);
        ArrayNode items = Lines.array();
        List<String> outside = new ArrayList<>();
        for (NodeView producer : producers) {
            ObjectNode line = Lines.brief(producer);
            Lines.put(line, "kind", producer.text("kind"));
            Lines.put(line, "trust", producer.text("trust"));
            line.put("mapped", producer.props().path("mapped").asBoolean(true));
            NodeQuery facts = NodeQuery.all().producer(producer.id()).withArchived();
            graph.find(call.scope(), facts.limit(1)).forEach(last -> {
                line.put("last_fact", last.slug())
                        .put("last_fact_at", last.createdAt().toString());
                read.add(last);
            });
            GraphStats.Throughput lately = brought.get(producer.id());
            line.put("facts_day", lately == null ? 0 : lately.day())
                    .put("facts_week", lately == null ? 0 : lately.week());
            if (mail(producer)) {
                line.put("errors_week", lost.size());
                lost.stream().findFirst().map(HqProducer::why).ifPresent(why -> {
                    line.put("last_error", why);
                    outside.add("producer:" + producer.id());
                });
            }
            items.add(line);
        }
        outside.addAll(Taints.of(read));
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(outside);
    }

    private static boolean mail(NodeView producer) {
        return "email".equals(producer.text("system"));
    }

    /** The mails of a week that were refused or could not be stored, newest first: the company has one mailbox. */
    private List<EmailView> lost(Call call) {
        Instant since = clock.instant().minus(WEEK);
        return Stream.of("failed", "refused")
                .map(status -> peers.get(
                        Service.INGEST_WORKERS,
                        "/v1/emails?status=" + status + "&limit=" + MOST,
                        call.scope(),
                        EmailView.Page.class,
                        PeerOptions.DEFAULT.onBehalfOf(call.actor())))
                .flatMap(page -> page.items().stream())
                .filter(mail -> mail.receivedAt().isAfter(since))
                .sorted((a, b) -> b.receivedAt().compareTo(a.receivedAt()))
                .toList();
    }

    /** A reason may quote the mail, so it taints whoever is shown it. */
    private static String why(EmailView mail) {
        String why = Objects.requireNonNullElseGet(
                mail.lastError(), () -> mail.reasons().isEmpty() ? mail.status() : String.join("; ", mail.reasons()));
        return why.length() <= LONGEST ? why : why.substring(0, LONGEST) + "…";
    }
}

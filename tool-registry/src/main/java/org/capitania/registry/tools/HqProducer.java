package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.api.GraphStats;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.WorkerView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** What the form of {@code hq_producer} cannot say: whether sources still bring anything, how much, and what of it could not be taken. */
@ApplicationScoped
class HqProducer implements ToolHandler {
    private static final Duration WEEK = Duration.ofDays(7);
    /** Of each kind that did not arrive, the newest so many are looked at. */
    private static final int MOST = 500;

    private static final int LONGEST = 300;

    private static final String WORKER = "hq:worker:";
    private static final List<String> MAIL_WORKERS = List.of(WORKER + "mail_imap", WORKER + "mail_inbox");

    private final Sql sql;
    private final Graph graph;
    private final Peers peers;
    private final Clock clock;

    HqProducer(Sql sql, Graph graph, Peers peers, Clock clock) {
        this.sql = sql;
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
        Map<String, Long> failed = failedCalls(call);
        boolean ingested = producers.stream().anyMatch(p -> mail(p) || p.slug().startsWith(WORKER));
        Map<String, String> stuck = ingested ? stuckWorkers(call) : Map.of();
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
            } else if (failed.containsKey(producer.slug())) {
                line.put("errors_week", failed.get(producer.slug()));
            }
            lastError(producer, stuck, lost).ifPresent(why -> {
                line.put("last_error", why);
                outside.add("producer:" + producer.id());
            });
            items.add(line);
        }
        outside.addAll(Taints.of(read));
        return Result.of(Json.MAPPER.createObjectNode().set("items", items)).taintedBy(outside);
    }

    /** What keeps a mailbox from being read at all comes before what a single mail was refused for. */
    private static Optional<String> lastError(NodeView producer, Map<String, String> stuck, List<EmailView> lost) {
        Stream<String> slugs = mail(producer) ? MAIL_WORKERS.stream() : Stream.of(producer.slug());
        Stream<String> ofWorkers = slugs.flatMap(slug -> Stream.ofNullable(stuck.get(slug)));
        return Stream.concat(ofWorkers, mail(producer) ? lost.stream().limit(1).map(HqProducer::why) : Stream.empty())
                .findFirst();
    }

    private static boolean mail(NodeView producer) {
        return "email".equals(producer.text("system"));
    }

    /** How many calls of a week failed, by the source that asked for them. */
    private Map<String, Long> failedCalls(Call call) {
        Map<String, Long> failed = new HashMap<>();
        sql.run(
                call.scope(),
                tx -> tx.query("""
                        SELECT actor, count(*) AS failed FROM calls WHERE started_at > $1 AND status = 'failed' GROUP BY actor
                        """, Times.db(clock.instant().minus(WEEK)))
                        .forEach(row -> failed.put("hq:" + row.getString("actor"), row.getLong("failed"))));
        return failed;
    }

    /** Why workers whose last round failed did, by their source. */
    private Map<String, String> stuckWorkers(Call call) {
        Map<String, String> stuck = new HashMap<>();
        PeerOptions options = PeerOptions.DEFAULT.onBehalfOf(call.actor());
        peers.get(Service.INGEST_WORKERS, "/v1/workers", call.scope(), WorkerView.Page.class, options)
                .items()
                .forEach(worker -> Optional.ofNullable(worker.lastError())
                        .ifPresent(why -> stuck.put(WORKER + worker.name(), cut(why))));
        return stuck;
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
        return cut(why);
    }

    private static String cut(String why) {
        return why.length() <= LONGEST ? why : why.substring(0, LONGEST) + "…";
    }
}

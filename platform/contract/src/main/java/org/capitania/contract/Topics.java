package org.capitania.contract;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The Kafka topics: an event type's first segment names its topic, save the few that this class lists. */
public final class Topics {
    public static final String GRAPH_NODES = "hq.graph.nodes";
    public static final String GRAPH_EDGES = "hq.graph.edges";
    public static final String LEDGER_ACTIONS = "hq.ledger.actions";
    public static final String LEDGER_LLM_CALLS = "hq.ledger.llm-calls";
    public static final String LEDGER_HEADS = "hq.ledger.heads";
    public static final String DEAD_LETTER = "hq.dead-letter";
    /** Partitions of every topic; never changed afterwards, or the order of a key is lost (decision 12). */
    public static final int PARTITIONS = 4;

    private static final Duration DEFAULT_RETENTION = Duration.ofDays(30);

    /** Every topic the fleet uses, with its retention; empty means for ever. */
    public static final List<Topic> ALL = List.of(
            forEver(GRAPH_NODES),
            forEver(GRAPH_EDGES),
            forEver(LEDGER_ACTIONS),
            forEver(LEDGER_LLM_CALLS),
            forEver(LEDGER_HEADS),
            thirtyDays(DEAD_LETTER),
            thirtyDays("hq.email"),
            thirtyDays("hq.interaction"),
            thirtyDays("hq.entity"),
            thirtyDays("hq.engagement"),
            thirtyDays("hq.prospect"),
            thirtyDays("hq.feature"),
            thirtyDays("hq.customer"),
            thirtyDays("hq.project"),
            thirtyDays("hq.task"),
            thirtyDays("hq.producer"),
            thirtyDays("hq.event"),
            thirtyDays("hq.proposal"),
            thirtyDays("hq.review"),
            thirtyDays("hq.agent"),
            thirtyDays(agent("chief")),
            thirtyDays(agent("operator")),
            thirtyDays("hq.agent_incident"),
            thirtyDays("hq.alert"),
            thirtyDays("hq.finance"),
            thirtyDays("hq.kb"),
            thirtyDays("hq.calendar"),
            thirtyDays("hq.owner"),
            thirtyDays("hq.autonomy"),
            thirtyDays("hq.obligation"),
            thirtyDays("hq.nodes"),
            thirtyDays("hq.beat"));

    private Topics() {}

    /**
     * A topic.
     *
     * @param retention how long its records are kept; empty: for ever
     */
    public record Topic(String name, Optional<Duration> retention) {}

    /** The topic on which one agent's wakes and messages arrive. */
    public static String agent(String role) {
        return "hq.agent." + role;
    }

    /** The topic of an event type, for example {@code hq.email} for {@code email.received}. */
    public static String of(String type) {
        return switch (type) {
            case "graph.node.changed" -> GRAPH_NODES;
            case "graph.edge.changed" -> GRAPH_EDGES;
            case "ledger.action" -> LEDGER_ACTIONS;
            case "ledger.llm_call" -> LEDGER_LLM_CALLS;
            case "ledger.head" -> LEDGER_HEADS;
            default -> {
                int dot = type.indexOf('.');
                yield "hq." + (dot < 0 ? type : type.substring(0, dot));
            }
        };
    }

    private static Topic forEver(String name) {
        return new Topic(name, Optional.empty());
    }

    private static Topic thirtyDays(String name) {
        return new Topic(name, Optional.of(DEFAULT_RETENTION));
    }
}

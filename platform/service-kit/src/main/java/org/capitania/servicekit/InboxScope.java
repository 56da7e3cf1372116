package org.capitania.servicekit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.capitania.contract.event.Event;

/** Writes the effect of an event and its inbox row in one transaction, so that a second delivery has no second effect. */
public final class InboxScope {
    private static final String CLAIM = """
            INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
            """;

    private final Sql sql;
    private final Scope scope;
    private final String consumer;
    private final Event event;
    private boolean written;

    InboxScope(Sql sql, Scope scope, String consumer, Event event) {
        this.sql = sql;
        this.scope = scope;
        this.consumer = consumer;
        this.event = event;
    }

    /** Writes the inbox rows of several events; the ids of those that were not handled before. */
    static Set<String> claim(Tx tx, String consumer, List<String> eventIds) {
        Set<String> first = new HashSet<>();
        tx.query("""
                        INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING RETURNING event_id
                        """, consumer, eventIds.toArray(String[]::new)).forEach(row -> first.add(row.getString("event_id")));
        return first;
    }

    /** The scope in which this service reacts to the event. */
    public Scope scope() {
        return scope;
    }

    /** Runs {@code effect} with the inbox row; answers false, without running it, when the event was handled before. */
    public boolean run(Consumer<Tx> effect) {
        boolean first = sql.tx(scope, tx -> {
            if (tx.execute(CLAIM, consumer, event.id()) == 0) {
                return false;
            }
            effect.accept(tx);
            return true;
        });
        written = true;
        return first;
    }

    /** Whether an earlier delivery was handled already; for handlers whose effect is a call of a peer. */
    public boolean seen() {
        return sql.tx(
                scope,
                tx -> tx.one(
                                "SELECT 1 FROM inbox WHERE tenant_id = current_tenant() AND consumer = $1 AND event_id = $2",
                                consumer,
                                event.id())
                        .isPresent());
    }

    /** The consumer whose inbox this is. */
    public String consumer() {
        return consumer;
    }

    /** The event at hand. */
    public Event event() {
        return event;
    }

    /** Tells that another opener of transactions wrote the inbox row with the effect. */
    public void settled() {
        written = true;
    }

    boolean written() {
        return written;
    }
}

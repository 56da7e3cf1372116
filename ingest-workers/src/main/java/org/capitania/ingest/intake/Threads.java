package org.capitania.ingest.intake;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.ingest.mime.ParsedMail;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Finds the thread of a mail by the ids in its headers, whichever mail of the thread came first; never by its subject. Every id that a mail
 * refers to is remembered, so that the mail of that id joins when it comes.
 */
@ApplicationScoped
class Threads {
    private static final int ASKED_OF_THE_GRAPH = 5;

    private final Sql sql;
    private final GraphLookups graph;

    Threads(Sql sql, GraphLookups graph) {
        this.sql = sql;
        this.graph = graph;
    }

    /**
     * A thread.
     *
     * @param root the message id that names it
     * @param conversationId when it is in the graph already, as far as we know
     */
    record Thread(String root, @Nullable String conversationId) {}

    /** What is known of a mail's thread before it is decided; asks the graph only when no mail that came in knows it. */
    Optional<Thread> ask(Scope scope, EmailRow email) {
        SequencedSet<String> ids = ids(email.mail());
        if (sql.tx(scope, tx -> known(tx, ids)).isPresent()) {
            return Optional.empty();
        }
        List<String> asked = new ArrayList<>();
        if (email.classification() == Classification.OWN) {
            // Our answer may be in the graph since it was sent.
            asked.add(email.messageId());
        }
        asked.addAll(ids.stream()
                .filter(id -> !id.equals(email.messageId()))
                .limit(ASKED_OF_THE_GRAPH)
                .toList());
        for (String id : asked) {
            Optional<String> conversation = graph.conversationOf(scope, id);
            if (conversation.isPresent()) {
                return Optional.of(new Thread(id, conversation.get()));
            }
        }
        return Optional.empty();
    }

    /** Decides the thread and remembers all ids of the mail for it; one mail of a tenant at a time. */
    Thread decide(Tx tx, EmailRow email, Optional<Thread> fromGraph) {
        tx.query("SELECT pg_advisory_xact_lock(hashtextextended('threads:' || current_tenant(), 0))");
        SequencedSet<String> ids = ids(email.mail());
        Thread thread = known(tx, ids).or(() -> fromGraph).orElseGet(() -> new Thread(ids.getFirst(), null));
        for (String id : ids) {
            tx.execute(
                    "INSERT INTO thread_ids (message_id, root, conversation_id) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, message_id) DO NOTHING",
                    id,
                    thread.root(),
                    thread.conversationId() == null ? null : UUID.fromString(thread.conversationId()));
        }
        return thread;
    }

    /** The conversation of a thread is known from now on. */
    void conversation(Tx tx, String root, UUID conversation) {
        tx.execute(
                "UPDATE thread_ids SET conversation_id = $2 WHERE root = $1 AND conversation_id IS NULL",
                root,
                conversation);
    }

    private static Optional<Thread> known(Tx tx, Set<String> ids) {
        Map<String, Thread> found = new HashMap<>();
        for (Row row : tx.query(
                "SELECT message_id, root, conversation_id FROM thread_ids WHERE message_id = ANY ($1)",
                (Object) ids.toArray(String[]::new))) {
            UUID conversation = row.getUUID("conversation_id");
            found.put(
                    row.getString("message_id"),
                    new Thread(row.getString("root"), conversation == null ? null : conversation.toString()));
        }
        return ids.stream().filter(found::containsKey).map(found::get).findFirst();
    }

    /** What joins a mail to its thread, the most telling first: the root it names, what it answers, what else it names, itself. */
    private static SequencedSet<String> ids(ParsedMail mail) {
        SequencedSet<String> ids = new LinkedHashSet<>();
        if (!mail.references().isEmpty()) {
            ids.add(mail.references().getFirst());
        }
        if (mail.inReplyTo() != null) {
            ids.add(mail.inReplyTo());
        }
        ids.addAll(mail.references().reversed());
        ids.add(mail.messageId());
        return ids;
    }
}

package org.capitania.ingest.intake;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.event.EmailReceived;
import org.capitania.contract.event.EmailReceived.Classification;
import org.capitania.ingest.mime.ParsedMail;
import org.capitania.ingest.mime.Sha256;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Brings a kept mail into the graph and tells the fleet of it, once. It may be killed between any two lines and called again: the plan is
 * kept before the graph is written, the graph answers a repeated key as it did first, and only the transaction that ends the mail publishes.
 */
@ApplicationScoped
class LinkEmail {
    private final ReentrantLock[] locks = new ReentrantLock[64];
    private final PlanLink plans;
    private final Threads threads;
    private final GraphLookups graph;
    private final EmailStore emails;
    private final Landings landings;
    private final IntakeConfig config;
    private final Sql sql;

    LinkEmail(
            PlanLink plans,
            Threads threads,
            GraphLookups graph,
            EmailStore emails,
            Landings landings,
            IntakeConfig config,
            Sql sql) {
        this.plans = plans;
        this.threads = threads;
        this.graph = graph;
        this.emails = emails;
        this.landings = landings;
        this.config = config;
        this.sql = sql;
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** One attempt; returns the mail as it stands then. A failure is noted with the time of the next attempt, and thrown. */
    EmailRow attempt(String tenant, UUID id) {
        ReentrantLock lock = locks[Math.floorMod(id.hashCode(), locks.length)];
        lock.lock();
        try {
            EmailRow email = load(tenant, id);
            if (!email.status().open()) {
                return email;
            }
            Scope scope = ReceiveEmail.scope(new Origin(tenant, email.source(), email.mailbox()));
            try {
                return link(scope, email);
            } catch (RuntimeException e) {
                throw noteFailure(scope, email, e);
            }
        } finally {
            lock.unlock();
        }
    }

    private EmailRow load(String tenant, UUID id) {
        return sql.tx(Scope.of(tenant, ReceiveEmail.ACTOR, null), tx -> emails.byId(tx, id))
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no mail " + id));
    }

    private EmailRow link(Scope scope, EmailRow received) {
        EmailRow email = received.plan() == null ? ownIfSent(scope, received) : received;
        LinkPlan plan = email.plan() == null ? plans.plan(scope, email) : email.plan();
        MailMutation mutation = MailMutation.of(email, plan);
        LinkedIds ids = mutation.ids(write(scope, email, mutation.batch()));
        EmailRow stored = sql.tx(scope, tx -> {
            if (emails.stored(tx, email.id(), ids)) {
                threads.conversation(tx, plan.root(), ids.conversation());
                tell(tx, email, ids);
                if (email.outages() > 0) {
                    emails.hurry(tx);
                }
            }
            return emails.byId(tx, email.id()).orElseThrow();
        });
        landings.landed(stored);
        return stored;
    }

    /** A list or a forwarder may write another From; the Message-ID still says that it is ours, and then nobody answers it. */
    private EmailRow ownIfSent(Scope scope, EmailRow email) {
        if (email.classification() == Classification.OWN || !graph.sentByUs(scope, email.messageId())) {
            return email;
        }
        String reason = "its Message-ID is that of a mail we sent; this copy names "
                + email.mail().from().address() + " as its sender";
        return sql.tx(scope, tx -> emails.own(tx, email.id(), reason));
    }

    private MutationResult write(Scope scope, EmailRow email, MutationBatch batch) {
        String key = "email:" + scope.tenant() + ":" + Sha256.of(email.messageId());
        try {
            return graph.write(scope, batch, key);
        } catch (CapitaniaException e) {
            if (e.code() != ErrorCode.IDEMPOTENCY_MISMATCH) {
                throw e;
            }
            // An older version of this worker wrote it differently; if_absent keeps the nodes single.
            return graph.write(
                    scope, batch, key + ":" + Sha256.of(Json.bytes(batch)).substring(0, 16));
        }
    }

    private static void tell(Tx tx, EmailRow email, LinkedIds ids) {
        ParsedMail mail = email.mail();
        EmailReceived event = new EmailReceived(
                email.id().toString(),
                mail.messageId(),
                ids.interaction().toString(),
                ids.interactionSlug(),
                ids.conversation().toString(),
                ids.contact().toString(),
                ids.entity() == null ? null : ids.entity().toString(),
                mail.from(),
                mail.to(),
                mail.cc(),
                mail.subject(),
                email.classification(),
                email.answerable(),
                mail.attachments().size(),
                email.receivedAt());
        tx.publish(EmailReceived.TYPE, event.conversationId(), event);
        if (ids.conversationExisted()) {
            tx.publish(EmailReceived.THREAD_UPDATED, event.conversationId(), event);
        }
    }

    private RuntimeException noteFailure(Scope scope, EmailRow email, RuntimeException e) {
        String error = String.valueOf(e.getMessage());
        boolean outage = e instanceof CapitaniaException named && named.code().type() == ErrorType.UNAVAILABLE;
        boolean last = !outage && email.attempts() + 1 >= config.attempts();
        sql.run(scope, tx -> {
            if (outage) {
                emails.postponed(tx, email.id(), pause(email.outages()), error);
            } else {
                emails.faulted(tx, email.id(), last ? null : pause(email.attempts()), error);
            }
        });
        if (last) {
            Log.errorf(
                    e,
                    "a mail could not be brought into the graph and is given up tenant=%s email=%s",
                    scope.tenant(),
                    email.id());
            landings.failed(email.id(), e);
        } else {
            Log.warnf("a mail waits for its next attempt tenant=%s email=%s why=%s", scope.tenant(), email.id(), error);
        }
        return e;
    }

    private Duration pause(int failures) {
        long millis = config.firstPause().toMillis() << Math.min(failures, 10);
        return Duration.ofMillis(Math.min(millis, config.longestPause().toMillis()));
    }
}

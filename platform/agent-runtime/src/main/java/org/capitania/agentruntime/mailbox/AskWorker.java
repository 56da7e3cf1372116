package org.capitania.agentruntime.mailbox;

import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.capitania.agentruntime.AgentConfig;
import org.capitania.agentruntime.loop.Assignment;
import org.capitania.agentruntime.loop.InterruptibleLease;
import org.capitania.agentruntime.loop.RunInterrupted;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.agentruntime.loop.TaskLoop;
import org.capitania.agentruntime.session.Sessions;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.api.SessionOpen.Trigger;
import org.capitania.contract.event.AgentMessage;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;

/**
 * Answers the other agent's questions, one after the other, beside whatever run is going on; each in a short session that only reads. One that
 * finds a service away lets the others pass, and is tried again after them.
 */
@ApplicationScoped
public class AskWorker {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final AgentConfig config;
    private final MessageStore messages;
    private final Replies replies;
    private final TaskLoop loop;
    private final Clock clock;
    private final Map<String, InterruptibleLease> current = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    AskWorker(AgentConfig config, MessageStore messages, Replies replies, TaskLoop loop, Clock clock) {
        this.config = config;
        this.messages = messages;
        this.replies = replies;
        this.loop = loop;
        this.clock = clock;
    }

    public static String loop(String tenant) {
        return "asks-" + tenant;
    }

    void start(@Observes StartupEvent event, Loops loops, Tenants tenants) {
        tenants.ids().forEach(tenant -> loops.every(loop(tenant), LOOK_AGAIN, () -> work(tenant)));
    }

    void stop(@Observes @Priority(0) ShutdownEvent event) {
        stopping = true;
        current.values().forEach(lease -> lease.end(Cause.SHUTDOWN, "the process is ending"));
    }

    private void work(String tenant) {
        Scope scope = Scope.of(tenant, "agent:" + config.role(), "answer");
        Set<String> later = new HashSet<>();
        Optional<AgentMessage> next = messages.nextAsk(scope, later);
        while (next.isPresent() && !stopping) {
            if (!answer(scope, next.get())) {
                later.add(next.get().messageId());
            }
            next = messages.nextAsk(scope, later);
        }
    }

    /** False when the question has to wait for a service that is away. */
    private boolean answer(Scope scope, AgentMessage message) {
        Duration left = Duration.between(clock.instant(), message.deadline());
        String runId = message.runId();
        if (left.isNegative() || left.isZero() || runId == null) {
            messages.end(scope, message.messageId(), "expired", null, "nobody waits for the answer any more");
            return true;
        }
        String taskId = message.taskId() == null ? message.messageId() : message.taskId();
        String sessionId = Sessions.forAsk(message.messageId());
        Ticket ticket = new Ticket(
                scope.tenant(), config.role(), sessionId, taskId, runId, message.fence(), message.parentId());
        InterruptibleLease lease = new InterruptibleLease();
        var deadline = CompletableFuture.runAsync(
                () -> lease.end(Cause.STOPPED, "the deadline passed"),
                CompletableFuture.delayedExecutor(left.toMillis(), TimeUnit.MILLISECONDS));
        current.put(scope.tenant(), lease);
        try {
            loop.run(ticket, assignment(scope, message, lease), lease);
            messages.end(scope, message.messageId(), "answered", sessionId, "replied");
            return true;
        } catch (RunInterrupted e) {
            Log.infof("ask interrupted message=%s cause=%s why=%s", message.messageId(), e.reason(), e.getMessage());
            switch (e.reason()) {
                case SHUTDOWN, UNAVAILABLE -> {
                    return false;
                }
                case STOPPED -> messages.end(scope, message.messageId(), "expired", sessionId, "the deadline passed");
                case LOST, PAUSED ->
                    messages.end(scope, message.messageId(), "failed", sessionId, String.valueOf(e.getMessage()));
            }
            return true;
        } catch (RuntimeException e) {
            // It would fail the same way again, and hold up those behind it.
            Log.errorf(e, "question failed here message=%s", message.messageId());
            messages.end(scope, message.messageId(), "failed", sessionId, "a fault in the agent: " + e);
            return true;
        } finally {
            current.remove(scope.tenant());
            deadline.cancel(false);
        }
    }

    private Assignment assignment(Scope scope, AgentMessage message, InterruptibleLease lease) {
        return new Assignment(
                Purpose.ASK,
                new Trigger(
                        "agent.message",
                        message.conversationId(),
                        null,
                        message.tainted(),
                        "a question of " + message.from()),
                () -> List.of(MessageStore.incoming(message, clock.instant())),
                () -> false,
                (transcript, ended) -> replies.send(scope, message, transcript, ended, lease));
    }
}

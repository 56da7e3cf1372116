package org.capitania.supervisor.wakes;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A wake of an agent: opened by an event, fenced when it gets the lease, published to the agent, running once claimed, done or failed.
 * At most one of a role is active. The same machine is a CHECK in V0003 and a chart in the README.
 */
public sealed interface Wake {

    Head head();

    /** What it is, why, and how many runs it has had. */
    record Head(UUID wakeId, String role, String reason, int attempt) {
        Head nextAttempt(String why) {
            return new Head(wakeId, role, why, attempt + 1);
        }
    }

    /** The run a wake is in, with its fencing token. */
    record Run(UUID runId, long fence) {}

    /** Not over. */
    sealed interface Active extends Wake {}

    /** Has the lease. */
    sealed interface InRun extends Active {
        Run run();

        /** The run is over and there is more to do. */
        default Open reopen(Instant notBefore, @Nullable String why) {
            return new Open(head(), notBefore, why);
        }

        default Done close() {
            return new Done(head(), run());
        }

        /** Every task of the last run was given up. */
        default Failed fail() {
            return new Failed(head(), run());
        }
    }

    /**
     * Waits for its time, or for whatever holds it.
     *
     * @param held why it does not go on now
     */
    record Open(Head head, Instant notBefore, @Nullable String held) implements Active {
        Open hold(String why) {
            return new Open(head, notBefore, why);
        }

        Open noLaterThan(Instant time) {
            return time.isBefore(notBefore) ? new Open(head, time, null) : this;
        }

        Fenced fence(Run run, String why) {
            return new Fenced(head.nextAttempt(why), run);
        }
    }

    /** Has the lease; the gateway may know it or not. */
    record Fenced(Head head, Run run) implements InRun {
        Published publish() {
            return new Published(head, run);
        }
    }

    /** On its way to the agent. */
    record Published(Head head, Run run) implements InRun {
        Running claim() {
            return new Running(head, run);
        }
    }

    /** An agent process works on it. */
    record Running(Head head, Run run) implements InRun {}

    /** Over. */
    record Done(Head head, Run run) implements Wake {
        /** An event came so soon after that it belongs to the same burst. */
        Open reopen(Instant now) {
            return new Open(head, now, null);
        }
    }

    /** Over, and nothing of its last run was done. */
    record Failed(Head head, Run run) implements Wake {}
}

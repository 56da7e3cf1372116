package org.capitania.contract.api;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes a session ({@code POST /v1/sessions/{id}/close}): its node, its handover memo and its memory entries are written once, however often it is sent.
 *
 * @param reason the sentinel's reason, or why the session ended without one
 * @param outcome finished, failed, frozen or stopped
 * @param memo the handover memo, markdown
 * @param subscriptions what wakes the agent, a line each; the memo names it
 * @param turns the model calls that were answered, in order; what they took is in tool-registry's own books
 * @param memoryEntryCount how many entries {@code memory} must hold; a cut-off list is refused
 * @param noMemoryReason why there is none, in the model's words or, where it could not be asked, the harness's; a session that finished and
 *     neither has a memory nor says why is refused (section 13.6 of the seeds)
 */
public record SessionClose(
        String taskId,
        String role,
        String runId,
        long fence,
        String reason,
        String outcome,
        String summary,
        @Nullable String memo,
        List<Memory> memory,
        int memoryEntryCount,
        @Nullable String noMemoryReason,
        @Nullable String model,
        List<Turn> turns,
        @Nullable BigDecimal costUsd,
        List<String> subscriptions) {

    public SessionClose {
        subscriptions = subscriptions == null ? List.of() : List.copyOf(subscriptions);
    }

    /** How often a model was asked to go on with the task. */
    public int turnsTaken() {
        return (int)
                turns.stream().filter(turn -> turn.purpose().equals("turn")).count();
    }

    /**
     * One call of a model.
     *
     * @param purpose turn or snapshot
     * @param inputsDigest of the session before the call
     * @param output what the model said, cut
     * @param confidence how sure it said it was, 0 to 1; absent where it did not say
     */
    public record Turn(
            String callId,
            int turn,
            String purpose,
            String inputsDigest,
            String output,
            @Nullable Double confidence) {}

    /**
     * One thing worth remembering.
     *
     * @param kind fact, pattern, preference, anti_pattern or watch_item; anything else is refused
     * @param body not blank; kept to 500 characters
     * @param salience 0 to 1
     */
    public record Memory(String kind, String body, double salience) {}
}

package org.capitania.contract.api;

import org.jspecify.annotations.Nullable;

/**
 * Opens a session ({@code POST /v1/sessions}) and asks for its reconstruction header; sent again it answers the same, and a trigger that is
 * tainted taints its task.
 */
public record SessionOpen(
        String sessionId,
        String taskId,
        String role,
        String runId,
        long fence,
        @Nullable Trigger trigger) {

    /**
     * What the session is about.
     *
     * @param type the event type, for example {@code email.received}
     * @param tainted whether it came from outside; it can only raise what the gateway knows, never lower it
     * @param summary one line for people
     */
    public record Trigger(
            String type,
            @Nullable String conversationId,
            @Nullable String interactionId,
            boolean tainted,
            @Nullable String summary) {

        /** A type for another agent's message that an open session is about to be shown: nothing woke the task for it. */
        public static final String NOTE = "agent.message.shown";
    }
}

package org.capitania.contract.api;

/** Journals one turn of the rehearsal model ({@code POST /v1/models/rehearsal/calls}); refused exactly where a provider's call would be. */
public record RehearsalCall(String callId, String sessionId, String taskId, String runId, long fence, int turn) {}

package org.capitania.agentruntime.transcript;

/**
 * When the harness stops a session.
 *
 * @param maxTurns model calls
 * @param identicalCalls how often the same call may be made before the next one stops the session
 * @param reminders how often the sentinel is asked for before the session fails
 */
public record Limits(int maxTurns, int identicalCalls, int reminders) {}

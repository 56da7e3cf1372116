package org.capitania.agentruntime.loop;

import org.capitania.agentruntime.transcript.Ending;

/**
 * How a session ended.
 *
 * @param code {@code task_complete}, or the failure's name
 * @param reason for people
 */
public record TaskEnd(Ending ending, String code, String reason) {}

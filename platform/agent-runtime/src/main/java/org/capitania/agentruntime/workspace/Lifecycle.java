package org.capitania.agentruntime.workspace;

import java.time.Duration;

/**
 * How a session begins and ends.
 *
 * @param warmWindow how long after a task the agent counts as warm
 * @param identicalCalls how often one identical call may be made before the session is stopped
 * @param reminders how often the model is reminded of the sentinel before the session fails
 */
public record Lifecycle(Duration warmWindow, int identicalCalls, int reminders) {}

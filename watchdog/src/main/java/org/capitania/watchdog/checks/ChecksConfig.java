package org.capitania.watchdog.checks;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How patient the checks are. */
@ConfigMapping(prefix = "hq.checks")
public interface ChecksConfig {
    /** How often quick checks look: readiness, the supervisor's life. */
    @WithDefault("5s")
    Duration quick();

    /** How often the others look (seeds 19.2). */
    @WithDefault("30s")
    Duration slow();

    /** How long a service may be away before it is an incident. */
    @WithDefault("15s")
    Duration silence();

    /** How long a service may take until it is heard for the first time: a fleet that starts slowly is no incident, and wakes nobody. */
    @WithDefault("2m")
    Duration starting();

    /** How long a run may go on without a step (seeds 19.2). */
    @WithDefault("10m")
    Duration idleRun();

    /** How long after that it is stopped (seeds 36). */
    @WithDefault("2m")
    Duration grace();

    /** Failed runs of an agent in a row that are an incident; twice as many are a worse one. */
    @WithDefault("3")
    int failures();

    /** How long after the last dead letter their topic counts as growing. */
    @WithDefault("10m")
    Duration deadLettersQuiet();

    /** How long a committed event may wait for its publication. */
    @WithDefault("30s")
    Duration outboxLag();

    /** How long after it is due the owner's brief is still in time: one of 07:00 until 07:30 (seeds 17.7). */
    @WithDefault("30m")
    Duration briefLate();
}

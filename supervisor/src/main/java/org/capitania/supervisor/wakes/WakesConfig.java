package org.capitania.supervisor.wakes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How wakes are opened, run, retried and given up. */
@ConfigMapping(prefix = "hq.wakes")
public interface WakesConfig {
    /** How long a lease lasts without a heartbeat (decision 21). */
    @WithDefault("30s")
    Duration lease();

    /** How long a wake takes in events after it was opened, even when its run has ended by then (decision 22). */
    @WithDefault("2s")
    Duration coalesce();

    /** Top-level runs at a time in one tenant (seeds 19.1). */
    @WithDefault("2")
    int cap();

    /** Attempts at a task before a person is named. */
    @WithDefault("5")
    int attempts();

    /** Runs a task may lose without its own fault before they count as attempts: a crash loop that looks like a shutdown ends, too. */
    @WithDefault("20")
    int handovers();

    /** The pause after the first failed attempt; it doubles with each. */
    @WithDefault("2s")
    Duration backOff();

    /** The longest pause between attempts. */
    @WithDefault("60s")
    Duration longestBackOff();

    /** When a task that a cap or a freeze stopped is tried again at first; it doubles with each time. */
    @WithDefault("5s")
    Duration frozen();

    /** The longest such pause. */
    @WithDefault("15m")
    Duration longestFrozen();

    /** Tasks in one run; more of them wait for the next. */
    @WithDefault("50")
    int tasksPerRun();

    /** How long the gateway knows a run without its being prolonged. */
    @WithDefault("1h")
    Duration longestSilenceAtGateway();

    /** How long a run that a person stopped may go on before its lease is withdrawn. */
    @WithDefault("30s")
    Duration stopGrace();

    /** After a start, how long agents have to renew leases that ran out while the supervisor was away. */
    @WithDefault("10s")
    Duration startGrace();

    /** How often due wakes and lost runs are looked for; events look at once. */
    @WithDefault("1s")
    Duration tick();

    /** Who is named when a task is given up. */
    @WithDefault("user:owner")
    String person();
}

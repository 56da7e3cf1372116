package org.capitania.supervisor.roster;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The agents there are. */
@ConfigMapping(prefix = "hq.roster")
public interface RosterConfig {
    /** The roles of every tenant; another one is an unknown peer. */
    @WithDefault("chief,operator")
    List<String> roles();

    /** Hours in which a role works, in the company's own time, as in {@code 07:00-22:00}; one that is not named works at all hours. */
    Map<String, String> hours();

    /** What wakes a role outside its hours all the same; a last {@code .*} stands for whatever follows. */
    @WithDefault("owner.dm,agent.message,agent_incident.*,alert.fired,customer.churn_signal,autonomy.*")
    List<String> urgent();

    /** What waits while the plan is as good as used up (seeds 27.2): the month's ceiling, or a provider's own window; beats by their names. */
    @WithDefault("beat.fired.operator_learning,task.assigned_to.project:*")
    List<String> spare();

    /** How often an agent process registers again. */
    @WithDefault("10s")
    Duration renewal();

    /** Silence after which its process is taken for gone: three missed renewals. */
    @WithDefault("30s")
    Duration silence();

    /** How long an agent stays in cooldown after a run (seeds 16.4). */
    @WithDefault("90s")
    Duration cooldown();
}

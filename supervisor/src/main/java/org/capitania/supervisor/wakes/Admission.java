package org.capitania.supervisor.wakes;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.CompanyZone;
import org.capitania.supervisor.fences.Standings;
import org.capitania.supervisor.roster.RosterConfig;
import org.jspecify.annotations.Nullable;

/** Which tasks of a role may go on now: outside its hours only what is urgent, and nothing that can wait while money is short. */
@Startup
@ApplicationScoped
class Admission {
    private final Map<String, WorkHours> hours = new TreeMap<>();
    private final String[] urgent;
    private final String[] spare;
    private final Standings standings;
    private final CompanyZone zones;
    private final Clock clock;

    Admission(RosterConfig config, Standings standings, CompanyZone zones, Clock clock) {
        config.hours().forEach((role, text) -> hours.put(role, WorkHours.parse(text)));
        this.urgent = likes(config.urgent());
        this.spare = likes(config.spare());
        this.standings = standings;
        this.zones = zones;
        this.clock = clock;
    }

    /**
     * What a task's events must be like, each as its type, a dot and its subject.
     *
     * @param one one of them like one of these; null: whatever they are
     * @param notAll not all of them like one of these; null: whatever they are
     * @param why the others wait, for people
     */
    record Allowed(String @Nullable [] one, String @Nullable [] notAll, String why) {}

    Allowed now(String tenant, String role) {
        ZoneId zone = zones.known(tenant);
        @Nullable WorkHours own = hours.get(role);
        boolean off = own != null && !own.hold(LocalTime.ofInstant(clock.instant(), zone));
        boolean breaker =
                standings.last(tenant, role).map(BudgetStanding::breaker).orElse(false);
        String why = off
                ? role + " works " + own + " (" + zone + "); only what is urgent wakes it before"
                : breaker ? "nine tenths of the plan are used: this can wait" : "";
        return new Allowed(off ? urgent : null, breaker ? spare : null, why);
    }

    /** Patterns such as {@code owner.dm}, {@code alert.*} and {@code task.assigned_to.project:*} as LIKE has them. */
    private static String[] likes(List<String> patterns) {
        return patterns.stream()
                .map(pattern -> pattern.strip().replace("_", "\\_"))
                .flatMap(pattern -> pattern.endsWith("*")
                        ? Stream.of(pattern.substring(0, pattern.length() - 1) + "%")
                        : Stream.of(pattern, pattern + ".%"))
                .toArray(String[]::new);
    }
}

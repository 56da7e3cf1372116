package org.capitania.graph.obligation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The company's calendar, and the time an answer may take where nothing says otherwise. */
@ConfigMapping(prefix = "hq.obligations")
public interface ObligationsConfig {
    /** The time zone of a company whose own entity (relationship {@code own}) has no {@code timezone}. */
    @WithDefault("UTC")
    ZoneId zone();

    /** The same for single tenants. */
    Map<String, ZoneId> zones();

    /** The days people work. */
    @WithDefault("MONDAY,TUESDAY,WEDNESDAY,THURSDAY,FRIDAY")
    Set<DayOfWeek> days();

    /** When a working day begins. */
    @WithDefault("09:00")
    LocalTime opens();

    /** When a working day ends. */
    @WithDefault("18:00")
    LocalTime closes();

    /** Days nobody works. */
    Optional<Set<LocalDate>> holidays();

    /** How long an answer may take where neither the turn state nor the engagement says so. */
    @WithDefault("24")
    int turnaroundHours();

    /** Which hours that counts. */
    @WithDefault("hours")
    SlaCalendar turnaroundCalendar();
}

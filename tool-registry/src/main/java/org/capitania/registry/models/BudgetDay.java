package org.capitania.registry.models;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** A day as a company counts its money: in its own time zone. */
record BudgetDay(Instant now, ZoneId zone) {

    LocalDate date() {
        return LocalDate.ofInstant(now, zone);
    }

    /** When the next one begins. */
    Instant ends() {
        return date().plusDays(1).atStartOfDay(zone).toInstant();
    }

    LocalDate month() {
        return date().withDayOfMonth(1);
    }

    LocalDate nextMonth() {
        return month().plusMonths(1);
    }

    /** When the next month begins. */
    Instant monthEnds() {
        return nextMonth().atStartOfDay(zone).toInstant();
    }
}

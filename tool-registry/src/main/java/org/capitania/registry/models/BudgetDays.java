package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.ZoneId;
import org.capitania.servicekit.CompanyZone;

/** Which day it is for a company. */
@ApplicationScoped
class BudgetDays {
    private final Clock clock;
    private final CompanyZone zones;

    BudgetDays(Clock clock, CompanyZone zones) {
        this.clock = clock;
        this.zones = zones;
    }

    /** Asks the graph for the company's zone now and then: not within a transaction. */
    BudgetDay today(String tenant) {
        ZoneId zone = zones.of(tenant).orElseGet(() -> zones.known(tenant));
        return new BudgetDay(clock.instant(), zone);
    }

    /** The same by what is known already. */
    BudgetDay known(String tenant) {
        return new BudgetDay(clock.instant(), zones.known(tenant));
    }
}

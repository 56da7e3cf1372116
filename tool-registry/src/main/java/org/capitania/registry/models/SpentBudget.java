package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.capitania.servicekit.Tx;

/** Whether an agent has used up its day's money: then it changes nothing more either, as if it had stopped by itself. */
@ApplicationScoped
public class SpentBudget {
    private final Clock clock;
    private final DailyCaps caps;

    SpentBudget(Clock clock, DailyCaps caps) {
        this.clock = clock;
        this.caps = caps;
    }

    /** A sentence that says so; empty while there is something left, or nothing was spent. */
    public Optional<String> objection(Tx tx, String role) {
        BigDecimal taken = tx.one(
                        "SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS taken FROM model_reservations WHERE agent = $1 AND day = $2",
                        role,
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
                .map(row -> row.getBigDecimal("taken"))
                .orElse(BigDecimal.ZERO);
        if (taken.signum() == 0 || taken.compareTo(caps.of(role)) < 0) {
            return Optional.empty();
        }
        return Optional.of("agent:" + role + " has spent "
                + taken.stripTrailingZeros().toPlainString() + " USD today, all it may");
    }
}

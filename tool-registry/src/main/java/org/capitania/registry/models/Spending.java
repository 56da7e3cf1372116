package org.capitania.registry.models;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.capitania.servicekit.Tx;

/** What the reservations add up to: money spent, and set aside for calls under way. */
final class Spending {
    private Spending() {}

    /** Of one agent in a day. */
    static BigDecimal ofDay(Tx tx, String role, LocalDate day) {
        return tx.one(
                        "SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS taken FROM model_reservations WHERE agent = $1 AND day = $2",
                        role,
                        day)
                .map(row -> row.getBigDecimal("taken"))
                .orElse(BigDecimal.ZERO);
    }

    /** Of all agents of the company from one day to before another. */
    static BigDecimal between(Tx tx, LocalDate first, LocalDate end) {
        return tx.one("""
                        SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS taken FROM model_reservations
                         WHERE day >= $1 AND day < $2 AND reserved_usd > 0
                        """, first, end).map(row -> row.getBigDecimal("taken")).orElse(BigDecimal.ZERO);
    }

    static String plain(BigDecimal usd) {
        return usd.stripTrailingZeros().toPlainString();
    }
}

package org.capitania.registry.models;

import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.servicekit.Tx;

/** What the reservations add up to: money spent, and set aside for calls under way. */
final class Spending {
    private Spending() {}

    /** Of one agent in a day. */
    static BigDecimal ofDay(Tx tx, String role, LocalDate day) {
        return askDay(tx, role, day).get();
    }

    /** The same, sent now; the answer waits. */
    static Supplier<BigDecimal> askDay(Tx tx, String role, LocalDate day) {
        return taken(tx.ask(
                "SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS taken FROM model_reservations WHERE agent = $1 AND day = $2",
                role,
                day));
    }

    /** Of all agents of the company from one day to before another. */
    static BigDecimal between(Tx tx, LocalDate first, LocalDate end) {
        return askBetween(tx, first, end).get();
    }

    /** The same, sent now; the answer waits. */
    static Supplier<BigDecimal> askBetween(Tx tx, LocalDate first, LocalDate end) {
        return taken(tx.ask("""
                SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS taken FROM model_reservations
                 WHERE day >= $1 AND day < $2 AND reserved_usd > 0
                """, first, end));
    }

    private static Supplier<BigDecimal> taken(Supplier<Optional<Row>> asked) {
        return () -> asked.get().map(row -> row.getBigDecimal("taken")).orElse(BigDecimal.ZERO);
    }

    static String plain(BigDecimal usd) {
        return usd.stripTrailingZeros().toPlainString();
    }
}

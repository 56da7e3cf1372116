package org.capitania.registry.models;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.event.BudgetRaised;
import org.capitania.contract.event.LedgerAction;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** What all agents of a company may spend together in a month: the owner's last word, else the default. */
@ApplicationScoped
class Ceilings {
    private static final BigDecimal MOST = new BigDecimal("1000000");

    private final Sql sql;
    private final Ids ids;
    private final Clock clock;
    private final ModelsConfig config;

    Ceilings(Sql sql, Ids ids, Clock clock, ModelsConfig config) {
        this.sql = sql;
        this.ids = ids;
        this.clock = clock;
        this.config = config;
    }

    /** @param setBy absent: the default */
    record Ceiling(
            BigDecimal usd,
            @Nullable String setBy,
            @Nullable Instant setAt) {}

    Ceiling of(Tx tx) {
        return ask(tx).get();
    }

    /** The same, sent now; the answer waits. */
    Supplier<Ceiling> ask(Tx tx) {
        Supplier<Optional<Row>> asked =
                tx.ask("SELECT monthly_usd, set_by, set_at FROM ceilings ORDER BY set_at DESC LIMIT 1");
        return () ->
                asked.get().map(Ceilings::read).orElseGet(() -> new Ceiling(config.monthlyCeilingUsd(), null, null));
    }

    /** Kept with who set it, and told to the ledger. */
    void set(Scope scope, @Nullable BigDecimal usd) {
        if (usd == null || usd.signum() < 0 || usd.compareTo(MOST) > 0 || !cents(usd)) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "a month's ceiling is an amount in USD from 0 to " + MOST.toPlainString()
                            + " with at most two decimals; found " + usd);
        }
        String id = "ceiling:" + ids.v7();
        sql.run(scope, tx -> {
            if (usd.compareTo(of(tx).usd()) > 0) {
                tx.publish(BudgetRaised.TYPE, scope.tenant(), new BudgetRaised(null, usd, scope.actor()));
            }
            tx.execute(
                    "INSERT INTO ceilings (ceiling_id, monthly_usd, set_by, reason) VALUES ($1, $2, $3, $4)",
                    id,
                    usd,
                    scope.actor(),
                    scope.reason());
            tx.publish(
                    LedgerAction.TYPE,
                    id,
                    LedgerAction.of(
                            id,
                            scope.actor(),
                            "hq_budget",
                            Json.MAPPER.createObjectNode().put("action", "set").put("monthly_usd", usd),
                            clock.instant()));
        });
    }

    /** Whether an amount has at most two decimals. */
    static boolean cents(BigDecimal usd) {
        return usd.stripTrailingZeros().scale() <= 2;
    }

    private static Ceiling read(Row row) {
        return new Ceiling(row.getBigDecimal("monthly_usd"), row.getString("set_by"), Times.instant(row, "set_at"));
    }
}

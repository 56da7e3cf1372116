package org.capitania.graph.retention;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.Retention;
import org.capitania.graph.node.Horizon;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** A company's choice of how long closed history is kept. */
@ApplicationScoped
class ChooseRetention {
    private static final String CHOSEN = """
            SELECT keep_days, actor, reason, created_at FROM retention_acts WHERE act = 'chosen' ORDER BY id DESC LIMIT 1
            """;

    private final Sql sql;

    ChooseRetention(Sql sql) {
        this.sql = sql;
    }

    Retention current(Scope scope) {
        return sql.tx(scope, tx -> {
            Instant since = Horizon.of(tx);
            return tx.one(CHOSEN)
                    .map(row -> new Retention(
                            row.getInteger("keep_days"),
                            since,
                            row.getString("actor"),
                            Times.instant(row, "created_at"),
                            row.getString("reason")))
                    .orElseGet(() -> new Retention(null, since, null, null, null));
        });
    }

    Retention run(Scope scope, @Nullable Integer days) {
        if (days != null && (days < Retention.FEWEST_DAYS || days > Retention.MOST_DAYS)) {
            String allowed = Retention.FEWEST_DAYS + " to " + Retention.MOST_DAYS + " days, or null for ever";
            String message = "keep_days is " + days + "; expected " + allowed;
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    message,
                    List.of(new FieldError("/keep_days", days.toString(), allowed, message)));
        }
        sql.call(
                "SELECT choose_retention($1, $2, $3, $4::integer)",
                scope.tenant(),
                scope.actor(),
                scope.reason(),
                days);
        return current(scope);
    }
}

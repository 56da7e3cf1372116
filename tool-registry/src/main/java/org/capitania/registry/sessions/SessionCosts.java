package org.capitania.registry.sessions;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import org.capitania.servicekit.Tx;

/** What a session's model calls come to, by the gateway's own books; a call that is still open counts with what was set aside. */
@ApplicationScoped
class SessionCosts {

    BigDecimal of(Tx tx, String role, String sessionId) {
        return tx.one(
                        "SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS cost FROM model_reservations WHERE session_id = $1 AND agent = $2",
                        sessionId,
                        role)
                .map(row -> row.getBigDecimal("cost"))
                .orElse(BigDecimal.ZERO);
    }
}

package org.capitania.registry.models;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import org.capitania.contract.event.BudgetWarning;
import org.capitania.servicekit.Tx;

/** {@code daily_usd_soft} of the workspaces: an agent that has spent or reserved as much in a day goes on, and one event a day says so. */
@ApplicationScoped
class SoftCap {
    private final Map<String, BigDecimal> caps;
    private final DailyCaps hard;

    SoftCap(WorkspaceBudgets workspaces, DailyCaps hard) {
        this.caps = workspaces.softCaps();
        this.hard = hard;
    }

    void look(Tx tx, String role, LocalDate day, BigDecimal taken) {
        BigDecimal soft = caps.get(role);
        if (soft == null || taken.compareTo(soft) < 0) {
            return;
        }
        int first = tx.execute(
                "INSERT INTO budget_warnings (agent, day, soft_usd, taken_usd) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                role,
                day,
                soft,
                taken);
        if (first == 1) {
            Log.warnf("an agent is at its soft cap agent=%s taken_usd=%s soft_usd=%s", role, taken, soft);
            tx.publish(BudgetWarning.TYPE, role, new BudgetWarning(role, day, taken, soft, hard.of(tx, role, day)));
        }
    }
}

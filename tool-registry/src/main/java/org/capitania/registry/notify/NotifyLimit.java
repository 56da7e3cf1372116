package org.capitania.registry.notify;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Sql;

/** Keeps an agent that is broken from flooding people: the journal says how much it has told within the hour, this call included. */
@ApplicationScoped
public class NotifyLimit {
    private final Sql sql;
    private final NotifyConfig config;

    NotifyLimit(Sql sql, NotifyConfig config) {
        this.sql = sql;
        this.config = config;
    }

    /** A person's call passes, and one that a person has approved, which is in no run any more. */
    public void require(Call call) {
        if (call.human() || call.runId() == null) {
            return;
        }
        long told = sql.tx(
                call.scope(),
                tx -> tx.one("""
                                SELECT count(*) AS told FROM calls
                                 WHERE actor = $1 AND tool = $2 AND started_at > clock_timestamp() - interval '1 hour'
                                   AND status IN ('intent', 'done', 'proposed', 'unknown')
                                """, call.actor(), call.tool().name())
                        .orElseThrow()
                        .getLong("told"));
        if (told > config.perHour()) {
            throw new CapitaniaException(
                            ErrorCode.RATE_LIMITED,
                            call.role() + " has told people " + config.perHour() + " times within the hour by "
                                    + call.tool().name())
                    .withHint("put it on their list with open_issue, and tell them at once only what cannot wait");
        }
    }
}

package org.capitania.registry.reconcile;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** What a model said of pairs, the last word of each. */
@ApplicationScoped
class Verdicts {
    private final Sql sql;

    Verdicts(Sql sql) {
        this.sql = sql;
    }

    /** By the pair's subject. */
    Map<String, Verdict> all(Scope scope) {
        return sql.read(scope, tx -> {
            Map<String, Verdict> verdicts = new HashMap<>();
            tx.query("SELECT subject, verdict, confidence, why, score FROM pair_verdicts")
                    .forEach((Row row) -> verdicts.put(
                            row.getString("subject"),
                            new Verdict(
                                    row.getString("verdict"),
                                    row.getDouble("confidence"),
                                    row.getString("why"),
                                    row.getDouble("score"))));
            return verdicts;
        });
    }

    void keep(Call call, String subject, Verdict verdict) {
        sql.run(
                call.scope(),
                tx -> tx.execute(
                        """
                        INSERT INTO pair_verdicts (subject, score, verdict, confidence, why, call_id) VALUES ($1, $2, $3, $4, $5, $6)
                        ON CONFLICT (tenant_id, subject) DO UPDATE
                           SET score = $2, verdict = $3, confidence = $4, why = $5, call_id = $6, judged_at = clock_timestamp()
                        """,
                        subject,
                        verdict.score(),
                        verdict.says(),
                        verdict.confidence(),
                        verdict.why(),
                        call.callId()));
    }
}

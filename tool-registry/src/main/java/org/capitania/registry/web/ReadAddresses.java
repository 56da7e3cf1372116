package org.capitania.registry.web;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.registry.handler.Call;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Which addresses a task that has read from outside may still ask: those it has read. An address that a model puts together could carry out what it
 * knows; one that stands in a text from outside carries nothing. What the task may have written itself does not count.
 */
@ApplicationScoped
class ReadAddresses {
    private final Sql sql;
    private final Runs runs;

    ReadAddresses(Sql sql, Runs runs) {
        this.sql = sql;
        this.runs = runs;
    }

    boolean allow(Call call, String url) {
        String task = call.taskId();
        if (call.human() || task == null) {
            return call.human();
        }
        return sql.tx(call.scope(), tx -> runs.taints(tx, task).isEmpty() || read(tx, task, url));
    }

    private static boolean read(Tx tx, String task, String url) {
        return tx.one("""
                        SELECT 1 FROM calls
                         WHERE task_id = $1 AND status = 'done' AND tool IN ('email_thread_read', 'email_search', 'web_fetch')
                           -- The whole address: one that only begins like it may carry something out.
                           AND output::text ~ (regexp_replace($2, '([.*+?^${}()|\\[\\]\\\\])', '\\\\\\1', 'g') || '([\\s"<>)\\]\\\\]|$)')
                         LIMIT 1
                        """, task, url).isPresent();
    }
}

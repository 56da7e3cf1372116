package org.capitania.registry.web;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.registry.handler.Call;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/**
 * Which addresses a task that has read from outside may still ask: those it has read. An address that a model puts together could carry out what it
 * knows; one that stands in a text from outside carries nothing but the choice of it, and choices are counted. What the task may have written itself
 * does not count as read.
 */
@ApplicationScoped
class ReadAddresses {
    private final Sql sql;
    private final Runs runs;
    private final WebConfig config;

    ReadAddresses(Sql sql, Runs runs, WebConfig config) {
        this.sql = sql;
        this.runs = runs;
        this.config = config;
    }

    /** Why an address is not asked; empty when it is. */
    Optional<String> objection(Call call, String url) {
        String task = call.taskId();
        if (call.human()) {
            return Optional.empty();
        }
        if (task == null) {
            return Optional.of("pages are asked for in a task");
        }
        return sql.tx(call.scope(), tx -> {
            if (runs.taints(tx, task).isEmpty()) {
                return Optional.empty();
            }
            if (!read(tx, task, url)) {
                return Optional.of("this task has read from outside, and this address is none that it has read");
            }
            return enough(tx, call, task);
        });
    }

    /**
     * Why the web is not searched; empty when it is. The words go to the provider alone, which the owner has chosen; how often a task asks
     * for some is counted with the addresses it follows.
     */
    Optional<String> objectionToSearch(Call call) {
        String task = call.taskId();
        if (call.human()) {
            return Optional.empty();
        }
        if (task == null) {
            return Optional.of("the web is searched in a task");
        }
        return sql.tx(call.scope(), tx -> runs.taints(tx, task).isEmpty() ? Optional.empty() : enough(tx, call, task));
    }

    private Optional<String> enough(Tx tx, Call call, String task) {
        return asked(tx, call, task) < config.follows()
                ? Optional.empty()
                : Optional.of("this task has read from outside and has asked " + config.follows()
                        + " addresses and searches already");
    }

    /** The calls that asked, or may have, without this one. */
    private static long asked(Tx tx, Call call, String task) {
        return tx.one("""
                        SELECT count(*) AS n FROM calls
                         WHERE task_id = $1 AND tool IN ('web_fetch', 'web_search') AND status <> 'refused' AND call_id <> $2
                        """, task, call.callId()).map(row -> row.getLong("n")).orElse(0L);
    }

    private static boolean read(Tx tx, String task, String url) {
        return tx.one("""
                        SELECT 1 FROM calls
                         WHERE task_id = $1 AND status = 'done' AND tool IN ('email_thread_read', 'email_search', 'web_fetch', 'web_search')
                           -- The whole address: one that only begins like it may carry something out.
                           AND output::text ~ (regexp_replace($2, '([.*+?^${}()|\\[\\]\\\\])', '\\\\\\1', 'g') || '([\\s"<>)\\]\\\\]|$)')
                         LIMIT 1
                        """, task, url).isPresent();
    }
}

package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.capitania.contract.Json;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.handler.Call;
import org.capitania.registry.secrets.Scrubber;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** The other half of a question: that it was answered, by whom and with what, is a row below the call that asked (seeds 16.5). */
@ApplicationScoped
class AnswerRow {
    private static final String ACTION = "reply";

    private final Sql sql;
    private final Scrubber scrubber;

    AnswerRow(Sql sql, Scrubber scrubber) {
        this.sql = sql;
        this.scrubber = scrubber;
    }

    /** Written once, however often the answer is heard. */
    void write(Call ask, MessageRequest.Sent sent) {
        String id = "answer:" + sent.messageId();
        String by = String.valueOf(sent.from());
        @Nullable String run = sent.runId();
        ObjectNode input = Json.MAPPER.createObjectNode().put("message_id", sent.messageId());
        JsonNode output = scrubber.clean(
                Json.MAPPER.createObjectNode().put("reply", sent.reply()).put("tainted", sent.tainted()));
        sql.run(
                ask.scope().withActor(by),
                tx -> tx.one(
                                """
                        INSERT INTO calls (call_id, actor, task_id, run_id, parent_id, tool, action, idempotency, input, input_digest, status,
                                           output, finished_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, 'idempotent', $8::text::jsonb, $9, 'done', $10::text::jsonb, clock_timestamp())
                        ON CONFLICT DO NOTHING RETURNING finished_at
                        """,
                                id,
                                by,
                                ask.taskId(),
                                run,
                                ask.callId(),
                                ask.tool().name(),
                                ACTION,
                                input.toString(),
                                digest(input.toString()),
                                output.toString())
                        .ifPresent(row -> tx.publish(
                                LedgerAction.TYPE,
                                id,
                                new LedgerAction(
                                        id,
                                        by,
                                        null,
                                        ask.taskId(),
                                        ask.callId(),
                                        ask.tool().name(),
                                        "done",
                                        input,
                                        output,
                                        null,
                                        BigDecimal.ZERO,
                                        0L,
                                        Times.instant(row, "finished_at"),
                                        null,
                                        ACTION,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null))));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

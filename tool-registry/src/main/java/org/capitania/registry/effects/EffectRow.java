package org.capitania.registry.effects;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.capitania.contract.Json;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code effects}.
 *
 * @param begunAt when it was last begun
 * @param unsure whether an attempt before the last may have done it
 * @param doubted how long ago its last attempt was cut off at the latest, by the database's clock; zero while there is no doubt
 */
public record EffectRow(
        String effectId,
        String businessKey,
        String tool,
        String actor,
        String messageId,
        JsonNode effect,
        Status status,
        int attempts,
        @Nullable JsonNode receipt,
        @Nullable JsonNode record,
        @Nullable String reason,
        Instant begunAt,
        Duration doubted,
        boolean unsure) {

    /** Where an effect stands; the database lets it only move forward. */
    public enum Status {
        INTENT,
        WAITING,
        DONE,
        RECORDED,
        ABORTED,
        UNKNOWN
    }

    static final String COLUMNS = """
            effect_id, business_key, tool, actor, message_id, effect::text AS effect, status, attempts, receipt::text AS receipt,
            record::text AS record, reason, intent_at, (extract(epoch FROM clock_timestamp() - coalesce(doubt_at, clock_timestamp())) * 1000)::bigint AS doubted_ms,
            unsure
            """;

    static EffectRow read(Row row) {
        return new EffectRow(
                row.getString("effect_id"),
                row.getString("business_key"),
                row.getString("tool"),
                row.getString("actor"),
                row.getString("message_id"),
                Json.read(row.getString("effect"), JsonNode.class),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInteger("attempts"),
                json(row, "receipt"),
                json(row, "record"),
                row.getString("reason"),
                Times.instant(row, "intent_at"),
                Duration.ofMillis(Math.max(0, row.getLong("doubted_ms"))),
                row.getBoolean("unsure"));
    }

    private static @Nullable JsonNode json(Row row, String column) {
        String text = row.getString(column);
        return text == null ? null : Json.read(text, JsonNode.class);
    }
}

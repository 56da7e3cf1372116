package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** A node while a batch is planned: one that is to be made, or the working copy of one that is there. */
final class Draft {
    /** 1 and 1.0 are one number to PostgreSQL, and so no change. */
    private static final Comparator<JsonNode> AS_STORED = (a, b) ->
            a.equals(b) || (a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) == 0) ? 0 : 1;

    final UUID id;
    final String type;
    /** The version that was read; 0 when it is to be made. */
    final int version;
    /** The op that makes or first changes it; -1 while none does. */
    int op = -1;

    String slug = "";

    @Nullable
    String status;

    @Nullable
    String priority;

    @Nullable
    Instant occurredAt;

    ObjectNode props = Json.MAPPER.createObjectNode();
    List<String> tags = List.of();

    @Nullable
    Draft producer;

    @Nullable
    UUID owner;

    @Nullable
    String externalSource;

    @Nullable
    String externalId;

    @Nullable
    Instant validFrom;

    @Nullable
    Instant validTo;

    boolean tainted;

    @Nullable
    Float confidence;

    String language = "simple";
    boolean archived;
    /** Whether its redaction policy is to be set, and with that a version more. */
    boolean policed;

    String policy = "none";

    private @Nullable ObjectNode before;

    private Draft(UUID id, String type, int version) {
        this.id = id;
        this.type = type;
        this.version = version;
    }

    static Draft fresh(UUID id, String type) {
        return new Draft(id, type, 0);
    }

    /** The working copy of a node as the first trip read it. */
    static Draft of(JsonNode row) {
        Draft draft = new Draft(
                UUID.fromString(row.get("id").textValue()),
                row.get("type").textValue(),
                row.get("version").intValue());
        draft.slug = row.get("slug").textValue();
        draft.status = row.path("status").textValue();
        draft.priority = row.path("priority").textValue();
        draft.occurredAt = time(row.path("occurred_at"));
        if (row.get("props") instanceof ObjectNode props) {
            draft.props = props;
        }
        List<String> tags = new ArrayList<>();
        row.path("tags").forEach(tag -> tags.add(tag.textValue()));
        draft.tags = List.copyOf(tags);
        draft.owner = row.has("owner_id") ? UUID.fromString(row.get("owner_id").textValue()) : null;
        draft.validFrom = time(row.path("valid_from"));
        draft.validTo = time(row.path("valid_to"));
        draft.tainted = row.path("tainted").booleanValue();
        draft.confidence = row.has("confidence") ? row.get("confidence").floatValue() : null;
        draft.language = row.path("language").asText("simple");
        draft.archived = row.has("archived_at");
        draft.before = draft.json();
        return draft;
    }

    boolean fresh() {
        return version == 0;
    }

    boolean changed() {
        return fresh() || (before != null && !before.equals(AS_STORED, json()));
    }

    /** The version it has once the batch is applied. */
    int versionAfter() {
        return version + (changed() ? 1 : 0) + (policed ? 1 : 0);
    }

    @Nullable
    String statusBefore() {
        return before == null ? null : before.path("status").textValue();
    }

    /** Whether a prop is another one than was read. */
    boolean moved(String prop) {
        return before != null && !before.path("props").path(prop).equals(props.path(prop));
    }

    /** Whether its status and props, as they were read, were so; nothing was so of what is to be made. */
    boolean wasSo(BiPredicate<@Nullable String, JsonNode> so) {
        return before != null && !fresh() && so.test(statusBefore(), before.path("props"));
    }

    /** The row as {@code apply} takes it. */
    ObjectNode json() {
        ObjectNode row = Json.MAPPER.createObjectNode();
        row.put("id", id.toString());
        row.put("type", type);
        row.put("slug", slug);
        row.put("status", status);
        row.put("priority", priority);
        row.put("occurred_at", text(occurredAt));
        row.set("props", props.deepCopy());
        ArrayNode array = row.putArray("tags");
        tags.forEach(array::add);
        row.put("producer_id", producer == null ? null : producer.id.toString());
        row.put("owner_id", owner == null ? null : owner.toString());
        row.put("external_source", externalSource);
        row.put("external_id", externalId);
        row.put("valid_from", text(validFrom));
        row.put("valid_to", text(validTo));
        row.put("tainted", tainted);
        row.put("confidence", confidence);
        row.put("language", language);
        row.put("archived", archived);
        row.put("version", version);
        return row;
    }

    /** PostgreSQL keeps microseconds; what is finer would look like a change for ever. */
    static @Nullable Instant stored(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MICROS);
    }

    static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    static @Nullable Instant time(JsonNode value) {
        return value.isTextual() ? OffsetDateTime.parse(value.textValue()).toInstant() : null;
    }
}

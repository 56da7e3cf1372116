package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.ExactJson;
import org.capitania.graph.projection.FocusCap;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** The two trips of a batch; each is one statement and its own transaction. */
@ApplicationScoped
class MutationStore {
    /** untranslatable_character: U+0000, which JSON has and PostgreSQL has not. */
    private static final String NO_TEXT = "22P05";

    private final Sql sql;

    MutationStore(Sql sql) {
        this.sql = sql;
    }

    /** How the second trip ended. */
    sealed interface Applied {
        /** Written; or written before, under the same idempotency key. */
        record Done(MutationResult result) implements Applied {}

        /** Somebody else was faster; nothing is written, and the batch has to be planned again. */
        record Stale(String why) implements Applied {}
    }

    JsonNode touched(Scope scope, ObjectNode question) {
        return asked(
                "SELECT with_rules(with_terms(touched($1, $2, q.wanted)), q.wanted)::text AS answer FROM (SELECT $3::text::jsonb AS wanted OFFSET 0) AS q",
                scope.tenant(),
                scope.actor(),
                Json.write(question));
    }

    /** As {@link #touched}, for creates and links in great number: of each node what they need. */
    JsonNode touchedByChunk(Scope scope, ObjectNode question) {
        return asked(
                "SELECT with_rules(with_terms(touched_by_chunk($1, q.wanted)), q.wanted)::text AS answer FROM (SELECT $2::text::jsonb AS wanted OFFSET 0) AS q",
                scope.tenant(),
                Json.write(question));
    }

    Optional<MutationResult> answered(Scope scope, String idempotencyKey) {
        return sql.read(
                scope,
                tx -> tx.one("""
                                SELECT response::text AS response FROM idempotency_keys
                                 WHERE actor = $1 AND key = $2 AND expires_at > clock_timestamp()
                                """, scope.actor(), idempotencyKey)
                        .map(row -> Json.read(row.getString("response"), MutationResult.class)));
    }

    private JsonNode asked(String statement, Object... args) {
        try {
            return ExactJson.read(sql.call(statement, args).iterator().next().getString("answer"));
        } catch (PgException e) {
            throw NO_TEXT.equals(e.getSqlState()) ? noText() : e;
        }
    }

    Applied apply(Scope scope, Plan plan, @Nullable String idempotencyKey, @Nullable String fingerprint) {
        try {
            String answer = sql.call(
                            "SELECT apply_whole($1, $2, $3, $4::text::jsonb)::text AS answer",
                            scope.tenant(),
                            scope.actor(),
                            scope.reason(),
                            Json.write(plan.json(scope, idempotencyKey, fingerprint)))
                    .iterator()
                    .next()
                    .getString("answer");
            return new Applied.Done(Json.read(answer, MutationResult.class));
        } catch (PgException e) {
            return failed(e, plan);
        }
    }

    /** The second trip, made by somebody else. */
    Applied write(Scope scope, Plan plan, SecondTrip trip) {
        try {
            trip.write(StagedPlan.of(plan, scope));
            return new Applied.Done(plan.result());
        } catch (PgException e) {
            return failed(e, plan);
        }
    }

    private static Applied failed(PgException e, Plan plan) {
        String message = String.valueOf(e.getErrorMessage());
        return switch (String.valueOf(e.getSqlState())) {
            // Stale, a unique key that was free, a deadlock, a serialisation failure: all say that someone else was
            // faster.
            case "HQ001", "23505", "40P01", "40001" -> new Applied.Stale(message);
            case "HQ002" -> throw tooMany(plan, message);
            case "HQ004" -> throw circle(plan, plan.pathOf(String.valueOf(e.getDetail())), message);
            case "HQ005" -> throw overlap(message, type(plan, message), "another period of the same fact overlaps");
            case "HQ006" -> throw new CapitaniaException(ErrorCode.ALREADY_CLAIMED, message);
            case "HQ030" -> throw FocusCap.isFull(message);
            case "HQ003" -> throw new CapitaniaException(ErrorCode.IDEMPOTENCY_MISMATCH, message);
            case "HQ064" -> throw new CapitaniaException(ErrorCode.LEASE_LOST, message);
            case NO_TEXT -> throw noText();
            case "23514" -> throw check(e, message);
            default -> throw e;
        };
    }

    static CapitaniaException overlap(String path, @Nullable String type, String why) {
        String allowed = "a period apart from the others of this fact";
        return refused(ErrorCode.DUPLICATE, new FieldError(path, type, null, allowed, why));
    }

    private static CapitaniaException tooMany(Plan plan, String path) {
        Optional<EdgeDraft> edge = plan.edgeAt(path);
        int most = edge.map(e -> path.endsWith("/from")
                        ? e.type().maxPerFrom()
                        : e.type().maxPerTo())
                .orElse(OptionalInt.empty())
                .orElse(1);
        String type = type(plan, path);
        String found = (most + 1) + " edges " + type;
        String why = "with this one there are " + found + " at this end; allowed is at most " + most;
        return refused(ErrorCode.CARDINALITY, new FieldError(path, type, found, "at most " + most, why));
    }

    private static CapitaniaException circle(Plan plan, String path, String circle) {
        String why = "this would close a circle: " + circle;
        return refused(ErrorCode.CYCLE, new FieldError(path, type(plan, path), circle, "no circle", why));
    }

    private static @Nullable String type(Plan plan, String path) {
        return plan.edgeAt(path).map(edge -> edge.type().name()).orElse(null);
    }

    private static CapitaniaException noText() {
        String why = "a text holds the character U+0000";
        return refused(ErrorCode.SCHEMA_VIOLATION, new FieldError("/ops", null, "text without U+0000", why));
    }

    private static CapitaniaException check(PgException e, String message) {
        if ("outbox_payload_size".equals(e.getConstraint())) {
            return new CapitaniaException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "a node or event is larger than 512 KiB; keep the content at ingest-workers and its digest here");
        }
        String allowed = String.valueOf(e.getConstraint());
        return refused(ErrorCode.SCHEMA_VIOLATION, new FieldError("/ops", null, allowed, message));
    }

    private static CapitaniaException refused(ErrorCode code, FieldError fault) {
        return new CapitaniaException(code, fault.path() + ": " + fault.message(), List.of(fault));
    }
}

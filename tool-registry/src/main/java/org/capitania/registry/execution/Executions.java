package org.capitania.registry.execution;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The table {@code executions}: how far the carrying-out of each approved revision has come, and who is at it. */
@ApplicationScoped
class Executions {
    /** Longer than every wait inside one step, so that no second process begins while the first still may act. */
    static final Duration LEASE = Duration.ofSeconds(120);

    /** Where it stands; {@code DROPPED} is a revision nobody may execute. */
    enum Status {
        CLAIMING,
        CLAIMED,
        ACTED,
        REPORTED,
        DROPPED
    }

    /** A row, held by a lease. */
    record Execution(
            String proposalId,
            int revision,
            Status status,
            @Nullable ProposalStatus outcome,
            @Nullable JsonNode result,
            @Nullable String reason,
            @Nullable String decidedBy,
            @Nullable Instant expiresAt,
            int attempts,
            UUID lease) {}

    /**
     * Opens the execution of an approved revision, once; false when it is open, or over. A revision that ended without an act, stale or
     * dropped, is opened again by a new approval.
     */
    boolean open(Tx tx, String proposalId, int revision) {
        return tx.execute("""
                        INSERT INTO executions (proposal_id, revision)
                        SELECT r.proposal_id, r.revision FROM frozen_revisions r WHERE r.proposal_id = $1 AND r.revision = $2
                        ON CONFLICT (tenant_id, proposal_id, revision) DO UPDATE
                           SET status = 'claiming', outcome = NULL, result = NULL, reason = NULL, decided_by = NULL, expires_at = NULL, attempts = 0,
                               not_before = clock_timestamp(), updated_at = clock_timestamp()
                         WHERE executions.status = 'dropped' OR (executions.status = 'reported' AND executions.outcome = 'stale')
                        """, proposalId, revision) == 1;
    }

    /** Whether this revision was ever heard of here. */
    boolean known(Tx tx, String proposalId, int revision) {
        return tx.one("SELECT 1 FROM executions WHERE proposal_id = $1 AND revision = $2", proposalId, revision)
                .isPresent();
    }

    /** What is due and held by nobody. */
    List<String[]> due(Tx tx, int limit) {
        List<String[]> due = new ArrayList<>();
        tx.query("""
                        SELECT proposal_id, revision FROM executions
                         WHERE status IN ('claiming', 'claimed', 'acted') AND not_before <= clock_timestamp()
                           AND (lease IS NULL OR lease_expires_at <= clock_timestamp())
                         ORDER BY not_before LIMIT $1
                        """, limit)
                .forEach(row -> due.add(
                        new String[] {row.getString("proposal_id"), Integer.toString(row.getInteger("revision"))}));
        return due;
    }

    /** Takes the lease; empty when somebody else has it, or nothing is left to do. */
    Optional<Execution> take(Tx tx, String proposalId, int revision, UUID lease, String owner) {
        return tx.one("""
                        UPDATE executions
                           SET lease = $3, lease_owner = $5, lease_expires_at = clock_timestamp() + make_interval(secs => $4::int),
                               attempts = attempts + 1, updated_at = clock_timestamp()
                         WHERE proposal_id = $1 AND revision = $2 AND status IN ('claiming', 'claimed', 'acted')
                           AND (lease IS NULL OR lease_expires_at <= clock_timestamp())
                        RETURNING proposal_id, revision, status, outcome, result::text AS result, reason, decided_by, expires_at, attempts, lease
                        """, proposalId, revision, lease, (int) LEASE.toSeconds(), owner)
                .map(Executions::read);
    }

    /** Lets go of whatever an earlier life of this process held. */
    int release(Tx tx, String owner) {
        return tx.execute(
                "UPDATE executions SET lease = NULL, lease_owner = NULL, lease_expires_at = NULL WHERE lease_owner = $1",
                owner);
    }

    /** Prolongs the leases this process is working under. */
    void renew(Tx tx, Collection<UUID> leases) {
        tx.execute("""
                UPDATE executions SET lease_expires_at = clock_timestamp() + make_interval(secs => $2::int) WHERE lease = ANY($1)
                """, leases.toArray(UUID[]::new), (int) LEASE.toSeconds());
    }

    /** Whether the lease is still ours; asked in the transaction of what only its holder may do. */
    boolean holds(Tx tx, Execution e) {
        return tx.one("""
                        SELECT 1 FROM executions
                         WHERE proposal_id = $1 AND revision = $2 AND lease = $3
                           AND lease_expires_at > clock_timestamp() + interval '30 seconds'
                         FOR UPDATE
                        """, e.proposalId(), e.revision(), e.lease()).isPresent();
    }

    boolean claimed(Tx tx, Execution e, String decidedBy, @Nullable Instant expiresAt) {
        return tx.execute(
                        """
                        UPDATE executions SET status = 'claimed', decided_by = $4, expires_at = $5, updated_at = clock_timestamp()
                         WHERE proposal_id = $1 AND revision = $2 AND lease = $3 AND status = 'claiming'
                        """,
                        e.proposalId(),
                        e.revision(),
                        e.lease(),
                        decidedBy,
                        expiresAt == null ? null : Times.db(expiresAt))
                == 1;
    }

    /** Writes how it ended, before anybody is told. */
    boolean acted(Tx tx, Execution e, ProposalStatus outcome, @Nullable JsonNode result, @Nullable String reason) {
        return tx.execute(
                        """
                        UPDATE executions
                           SET status = 'acted', outcome = $4, result = $5::text::jsonb, reason = $6, attempts = 0,
                               updated_at = clock_timestamp()
                         WHERE proposal_id = $1 AND revision = $2 AND lease = $3 AND status IN ('claiming', 'claimed')
                        """,
                        e.proposalId(),
                        e.revision(),
                        e.lease(),
                        outcome.wire(),
                        result == null ? null : result.toString(),
                        reason)
                == 1;
    }

    /** How many milliseconds it took: the act since it was last begun, or, where none was, all of it. */
    long took(Tx tx, Execution e, String effectId) {
        return tx.one("""
                        SELECT floor(1000 * extract(epoch FROM coalesce(f.recorded_at, f.done_at, clock_timestamp())
                                                               - coalesce(f.intent_at, x.created_at)))::bigint AS ms
                          FROM executions x LEFT JOIN effects f ON f.tenant_id = x.tenant_id AND f.effect_id = $3
                         WHERE x.proposal_id = $1 AND x.revision = $2
                        """, e.proposalId(), e.revision(), effectId).orElseThrow().getLong("ms");
    }

    /** The newest revision of a proposal, when it was reported to be in doubt. */
    Optional<Execution> doubtful(Tx tx, String proposalId) {
        return tx.one("""
                        SELECT proposal_id, revision, status, outcome, result::text AS result, reason, decided_by, expires_at, attempts,
                               coalesce(lease, gen_random_uuid()) AS lease
                          FROM executions WHERE proposal_id = $1 AND outcome = 'unknown' AND status = 'reported'
                         ORDER BY revision DESC LIMIT 1
                        """, proposalId).map(Executions::read);
    }

    /** Has it reported once more, as a person says it ended; false when it is not in doubt any more. */
    boolean settled(Tx tx, Execution e, ProposalStatus outcome, @Nullable JsonNode result, @Nullable String reason) {
        return tx.execute(
                        """
                        UPDATE executions
                           SET status = 'acted', outcome = $3, result = $4::text::jsonb, reason = $5, attempts = 0,
                               not_before = clock_timestamp(), updated_at = clock_timestamp()
                         WHERE proposal_id = $1 AND revision = $2 AND status = 'reported' AND outcome = 'unknown'
                        """,
                        e.proposalId(),
                        e.revision(),
                        outcome.wire(),
                        result == null ? null : result.toString(),
                        reason)
                == 1;
    }

    void ends(Tx tx, Execution e, Status status, @Nullable String reason) {
        tx.execute("""
                UPDATE executions
                   SET status = $4, reason = coalesce($5, reason), lease = NULL, lease_owner = NULL, lease_expires_at = NULL, updated_at = clock_timestamp()
                 WHERE proposal_id = $1 AND revision = $2 AND lease = $3
                """, e.proposalId(), e.revision(), e.lease(), status.name().toLowerCase(Locale.ROOT), reason);
    }

    /** Lets go, to be taken up again not before {@code after}. */
    void later(Tx tx, Execution e, Duration after) {
        tx.execute("""
                UPDATE executions
                   SET lease = NULL, lease_owner = NULL, lease_expires_at = NULL, updated_at = clock_timestamp(),
                       not_before = clock_timestamp() + make_interval(secs => $4::double precision)
                 WHERE proposal_id = $1 AND revision = $2 AND lease = $3
                """, e.proposalId(), e.revision(), e.lease(), after.toMillis() / 1000.0);
    }

    private static Execution read(Row row) {
        String outcome = row.getString("outcome");
        String result = row.getString("result");
        return new Execution(
                row.getString("proposal_id"),
                row.getInteger("revision"),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                outcome == null ? null : ProposalStatus.fromWire(outcome),
                result == null ? null : Json.read(result, JsonNode.class),
                row.getString("reason"),
                row.getString("decided_by"),
                Times.instantOrNull(row, "expires_at"),
                row.getInteger("attempts"),
                row.getUUID("lease"));
    }
}

package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.approval.live.LiveUpdates;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.event.OwnerDecided;
import org.capitania.contract.event.ProposalChanged;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.orm.OrmTx;
import org.jspecify.annotations.Nullable;

/** The rows of proposals, and the one way a proposal takes a step: row, step and event together. */
@ApplicationScoped
class ProposalStore {
    private final Ids ids;
    private final LiveUpdates live;
    private final Loops loops;

    ProposalStore(Ids ids, LiveUpdates live, Loops loops) {
        this.ids = ids;
        this.live = live;
        this.loops = loops;
    }

    UUID newId() {
        return ids.v7();
    }

    /** The row, locked until the transaction ends: of two that decide at once the second sees what the first did. */
    Uni<ProposalRow> lock(OrmTx tx, UUID id) {
        return tx.session()
                .find(ProposalRow.class, id, LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(() -> unknown(id));
    }

    Uni<ProposalRow> find(OrmTx tx, UUID id) {
        return tx.session().find(ProposalRow.class, id).onItem().ifNull().failWith(() -> unknown(id));
    }

    Uni<Boolean> exists(OrmTx tx, UUID id) {
        return tx.session().find(ProposalRow.class, id).map(row -> row != null);
    }

    /** The revision the row is at. */
    Uni<RevisionRow> current(OrmTx tx, ProposalRow row) {
        return tx.session()
                .createSelectionQuery(
                        "FROM RevisionRow WHERE proposalId = :id AND revision = :revision", RevisionRow.class)
                .setParameter("id", row.id)
                .setParameter("revision", row.revision)
                .getSingleResult();
    }

    Uni<List<DecisionRow>> decisions(OrmTx tx, UUID id) {
        return tx.session()
                .createSelectionQuery(
                        "FROM DecisionRow WHERE proposalId = :id ORDER BY decidedAt, id", DecisionRow.class)
                .setParameter("id", id)
                .getResultList();
    }

    /** The steps that led to this row, not those that were taken since it was read. */
    Uni<List<StepRow>> steps(OrmTx tx, ProposalRow row) {
        return tx.session()
                .createSelectionQuery(
                        "FROM StepRow WHERE proposalId = :id AND seq <= :steps ORDER BY seq", StepRow.class)
                .setParameter("id", row.id)
                .setParameter("steps", row.steps)
                .getResultList();
    }

    /** Whether this very decision was taken before: the same key for the same kind of decision on the same proposal. */
    Uni<Boolean> decidedBefore(OrmTx tx, UUID id, OwnerDecided.Decision decision, @Nullable String idempotencyKey) {
        if (idempotencyKey == null) {
            return Uni.createFrom().item(false);
        }
        return tx.session()
                .createSelectionQuery(
                        "SELECT count(*) FROM DecisionRow WHERE proposalId = :id AND decision = :decision AND idempotencyKey = :key",
                        Long.class)
                .setParameter("id", id)
                .setParameter("decision", Json.convert(decision, String.class))
                .setParameter("key", idempotencyKey)
                .getSingleResult()
                .map(n -> n > 0);
    }

    /** Moves the row, writes the step and appends {@code proposal.<status>}. */
    Uni<Void> take(OrmTx tx, ProposalRow row, ProposalState to, Instant now) {
        row.move(to, now);
        return record(tx, row, ProposalChanged.PREFIX + to.status().wire(), now, row.reason());
    }

    /** Writes the step that the row has taken and appends its event. */
    Uni<Void> record(OrmTx tx, ProposalRow row, String event, Instant now, @Nullable String why) {
        row.steps++;
        String by = tx.scope().actor();
        tx.afterCommit(() -> {
            live.changed(tx.scope().tenant(), row.id.toString());
            loops.wake(LiveUpdates.MIRROR_LOOP);
        });
        return tx.session()
                .persist(StepRow.of(ids.v7(), row, by, now, why))
                .chain(() -> tx.session().flush())
                .chain(() -> tx.publish(event, row.id.toString(), changed(row, by, why, now)))
                .replaceWithVoid();
    }

    /** Writes a person's decision and appends {@code owner.decided}. */
    Uni<Void> decide(OrmTx tx, DecisionRow decision) {
        return tx.session()
                .persist(decision)
                .chain(() -> tx.publish(
                        OwnerDecided.TYPE,
                        decision.proposalId.toString(),
                        new OwnerDecided(
                                decision.proposalId.toString(),
                                Json.convert(decision.decision, OwnerDecided.Decision.class),
                                decision.revision,
                                decision.digest,
                                decision.decidedBy,
                                decision.reason,
                                decision.decidedAt)))
                .replaceWithVoid();
    }

    private static ProposalChanged changed(ProposalRow row, String by, @Nullable String why, Instant now) {
        String result = row.result();
        return new ProposalChanged(
                row.id.toString(),
                row.status().wire(),
                row.revision,
                row.digest,
                row.tool,
                row.agent,
                row.taskId,
                row.conversationId,
                by,
                why,
                result == null ? null : Json.read(result, JsonNode.class),
                now);
    }

    private static CapitaniaException unknown(UUID id) {
        return new CapitaniaException(ErrorCode.NOT_FOUND, "no proposal " + id);
    }
}

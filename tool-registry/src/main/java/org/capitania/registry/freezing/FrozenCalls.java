package org.capitania.registry.freezing;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.effects.EffectRow;
import org.capitania.registry.effects.Effects;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.runs.Runs;
import org.capitania.registry.secrets.HiddenSecrets;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Tx;

/** Calls that wait for a person; rows are only ever added. One proposal waits for each business key. */
@ApplicationScoped
public class FrozenCalls {

    /**
     * What freezing a call came to.
     *
     * @param fresh false when a proposal for the same act waited already, and that one is returned
     */
    public record Frozen(FrozenRevision revision, boolean fresh) {}

    /** An event has 512 KiB, which the store counts with a blank behind each comma and colon. */
    private static final int LARGEST = 480 * 1024;

    private final Ids ids;
    private final Runs runs;
    private final Effects effects;
    private final HiddenSecrets secrets;

    FrozenCalls(Ids ids, Runs runs, Effects effects, HiddenSecrets secrets) {
        this.ids = ids;
        this.runs = runs;
        this.effects = effects;
        this.secrets = secrets;
    }

    /** As everybody is told of it: its digest is of the exact arguments, and what of them is secret is not shown. */
    public FrozenCall announced(FrozenRevision revision) {
        return revision.announced(secrets.shown(revision.arguments()));
    }

    /** What a person means who edited a call as it was announced. */
    public JsonNode meant(FrozenRevision revision, JsonNode edited) {
        return secrets.putBack(revision.arguments(), edited);
    }

    /** Freezes a call for a risk and announces it; an act that stands already for its business key is refused as a duplicate. */
    public Frozen freeze(Tx tx, Call call, Draft draft, String risk) {
        lock(tx, draft.businessKey());
        Optional<EffectRow> standing = effects.standing(tx, draft.businessKey());
        if (standing.isPresent()) {
            throw new CapitaniaException(
                            ErrorCode.DUPLICATE,
                            "this very message was answered to these people already ("
                                    + standing.get().effectId() + ")")
                    .withHint("read the conversation again; answer a later message if there is one");
        }
        Optional<String> waiting = tx.one(
                        "SELECT proposal_id FROM open_freezes WHERE business_key = $1", draft.businessKey())
                .map(row -> row.getString("proposal_id"));
        if (waiting.isPresent()) {
            return new Frozen(newest(tx, waiting.get()).orElseThrow(), false);
        }
        String proposal = ids.v7().toString();
        tx.execute(
                """
                INSERT INTO frozen_calls (proposal_id, call_id, tool, agent, risk, task_id, session_id, conversation_id, interaction_id, tainted)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                proposal,
                call.callId(),
                call.tool().name(),
                call.actor(),
                risk,
                call.taskId(),
                call.sessionId(),
                draft.conversationId(),
                draft.interactionId(),
                !runs.taints(tx, call.taskId()).isEmpty());
        add(tx, proposal, 1, call, draft, call.actor());
        FrozenRevision frozen = newest(tx, proposal).orElseThrow();
        FrozenCall announced = announced(frozen);
        if (Json.bytes(announced).length > LARGEST) {
            throw tooLong();
        }
        tx.publish(FrozenCall.TYPE, proposal, announced);
        return new Frozen(frozen, true);
    }

    /** Adds what a person made of it; the same act on the same facts is the revision that stands. What a file held is in its act's key. */
    public FrozenRevision revise(Tx tx, FrozenRevision current, Call edited, Draft draft, String by) {
        lock(tx, draft.businessKey());
        FrozenRevision newest = newest(tx, current.proposalId()).orElseThrow();
        String digest = Canonical.digest(edited.tool().name(), Canonical.bytes(edited.arguments()));
        if (newest.digest().equals(digest)
                && newest.businessKey().equals(draft.businessKey())
                && sameFacts(newest.facts(), draft.facts())) {
            return newest;
        }
        Optional<String> other = tx.one(
                        "SELECT proposal_id FROM open_freezes WHERE business_key = $1 AND proposal_id <> $2",
                        draft.businessKey(),
                        current.proposalId())
                .map(row -> row.getString("proposal_id"));
        if (other.isPresent() || effects.standing(tx, draft.businessKey()).isPresent()) {
            throw new CapitaniaException(
                            ErrorCode.DUPLICATE,
                            "an answer to this message to these people "
                                    + other.map(o -> "waits already: proposal " + o)
                                            .orElse("was sent already"))
                    .withHint("reject one of the two");
        }
        add(tx, current.proposalId(), newest.revision() + 1, edited, draft, by);
        return newest(tx, current.proposalId()).orElseThrow();
    }

    public Optional<FrozenRevision> newest(Tx tx, String proposalId) {
        return tx.one(FrozenRevision.SELECT + " WHERE c.proposal_id = $1 ORDER BY r.revision DESC LIMIT 1", proposalId)
                .map(FrozenRevision::read);
    }

    public Optional<FrozenRevision> find(Tx tx, String proposalId, int revision) {
        return tx.one(FrozenRevision.SELECT + " WHERE c.proposal_id = $1 AND r.revision = $2", proposalId, revision)
                .map(FrozenRevision::read);
    }

    /** Lets the business keys of a proposal go that has come to its end. */
    public void release(Tx tx, String proposalId) {
        tx.execute("DELETE FROM open_freezes WHERE proposal_id = $1", proposalId);
    }

    /** The proposals that wait on a conversation, newest first. */
    public List<FrozenRevision> waitingOn(Tx tx, String conversationId) {
        return waiting(tx, "conversation_id", conversationId);
    }

    /** The proposals of an agent that wait, newest first. */
    public List<FrozenRevision> waitingOf(Tx tx, String agent) {
        return waiting(tx, "agent", agent);
    }

    private static List<FrozenRevision> waiting(Tx tx, String column, String value) {
        List<FrozenRevision> all = new java.util.ArrayList<>();
        tx.query(FrozenRevision.SELECT + """
                                 WHERE c.%s = $1
                                   AND r.revision = (SELECT max(n.revision) FROM frozen_revisions n
                                                      WHERE n.tenant_id = c.tenant_id AND n.proposal_id = c.proposal_id)
                                   AND EXISTS (SELECT 1 FROM open_freezes o WHERE o.tenant_id = c.tenant_id AND o.proposal_id = c.proposal_id)
                                 ORDER BY c.created_at DESC, c.proposal_id LIMIT 20
                                """.formatted(column), value)
                .forEach(row -> all.add(FrozenRevision.read(row)));
        return all;
    }

    private void add(Tx tx, String proposal, int revision, Call call, Draft draft, String by) {
        if (draft.rendering().body() == null) {
            throw tooLong();
        }
        byte[] canonical = Canonical.bytes(call.arguments());
        tx.execute(
                """
                INSERT INTO frozen_revisions (proposal_id, revision, canonical, digest, rendering, facts, effect, business_key, made_by)
                VALUES ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb, $7::text::jsonb, $8, $9)
                """,
                proposal,
                revision,
                Buffer.buffer(canonical),
                Canonical.digest(call.tool().name(), canonical),
                Json.write(secrets.shown(draft.rendering(), call.arguments(), draft.effect())),
                Json.write(draft.facts()),
                draft.effect().toString(),
                draft.businessKey(),
                by);
        tx.execute(
                "INSERT INTO open_freezes (business_key, proposal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                draft.businessKey(),
                proposal);
    }

    private static CapitaniaException tooLong() {
        return new CapitaniaException(
                        ErrorCode.PAYLOAD_TOO_LARGE, "it needs the owner, and is too long to be shown to anybody whole")
                .withHint("change less at a time: what a person can read is asked for piece by piece");
    }

    private static boolean sameFacts(List<Draft.SeenFact> a, List<Draft.SeenFact> b) {
        return a.stream()
                .map(f -> f.nodeId() + ":" + f.version())
                .sorted()
                .toList()
                .equals(b.stream()
                        .map(f -> f.nodeId() + ":" + f.version())
                        .sorted()
                        .toList());
    }

    private static void lock(Tx tx, String businessKey) {
        tx.query("SELECT pg_advisory_xact_lock(hashtextextended(current_tenant() || ':' || $1, 42))", businessKey);
    }
}

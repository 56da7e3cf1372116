package org.capitania.registry.freezing;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.handler.Draft.SeenFact;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/**
 * A frozen call at one revision.
 *
 * @param canonical the arguments' bytes the digest is of
 * @param effect exactly what is done on approval
 */
public record FrozenRevision(
        String proposalId,
        int revision,
        String callId,
        String tool,
        String agent,
        String risk,
        byte[] canonical,
        String digest,
        FrozenCall.Rendering rendering,
        List<SeenFact> facts,
        JsonNode effect,
        String messageId,
        boolean tainted,
        @Nullable String taskId,
        @Nullable String sessionId,
        @Nullable String conversationId,
        @Nullable String interactionId,
        String businessKey,
        Instant createdAt) {
    static final String SELECT = """
            SELECT c.proposal_id, r.revision, c.call_id, c.tool, c.agent, c.risk, r.canonical, r.digest, r.rendering::text AS rendering,
                   r.facts::text AS facts, r.effect::text AS effect, c.tainted, c.task_id, c.session_id, c.conversation_id,
                   c.interaction_id, r.business_key, r.created_at
              FROM frozen_calls c JOIN frozen_revisions r USING (tenant_id, proposal_id)
            """;

    /** What its carrying-out is called. */
    public String effectId() {
        return callId + "#" + revision;
    }

    static FrozenRevision read(Row row) {
        Buffer canonical = row.getBuffer("canonical");
        JsonNode effect = Json.read(row.getString("effect"), JsonNode.class);
        return new FrozenRevision(
                row.getString("proposal_id"),
                row.getInteger("revision"),
                row.getString("call_id"),
                row.getString("tool"),
                row.getString("agent"),
                row.getString("risk"),
                canonical.getBytes(),
                row.getString("digest"),
                Json.read(row.getString("rendering"), FrozenCall.Rendering.class),
                Arrays.asList(Json.read(row.getString("facts"), SeenFact[].class)),
                effect,
                effect.path("message_id").asText(),
                row.getBoolean("tainted"),
                row.getString("task_id"),
                row.getString("session_id"),
                row.getString("conversation_id"),
                row.getString("interaction_id"),
                row.getString("business_key"),
                Times.instant(row, "created_at"));
    }

    /** Whether the digest kept is the digest of the bytes kept, and the one that somebody approved. */
    public boolean matches(String approvedDigest) {
        return digest.equals(approvedDigest) && digest.equals(Canonical.digest(tool, canonical));
    }

    /** As it is announced and answered, with its arguments as they may be shown; {@link #arguments} for who may see them exactly. */
    public FrozenCall announced(JsonNode shownArguments) {
        return new FrozenCall(
                proposalId,
                callId,
                revision,
                tool,
                agent,
                risk,
                shownArguments,
                digest,
                rendering,
                facts.stream()
                        .map(f -> new FrozenCall.Fact(f.nodeId(), f.version()))
                        .toList(),
                tainted,
                taskId,
                sessionId,
                conversationId,
                interactionId,
                businessKey,
                createdAt);
    }

    /** Exactly those that are carried out, with the secrets they hold. */
    public JsonNode arguments() {
        try {
            return Json.MAPPER.readTree(canonical);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.capitania.registry.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.freezing.VisibleText;
import org.capitania.registry.graph.Contracts;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.Presence;
import org.capitania.registry.handler.TextChange;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * A new text in the place of the one that was seen. It is done only while what was seen still stands there, so that it can be told afterwards
 * whether it happened: what the file holds is the proof.
 */
@ApplicationScoped
class FileChange {
    private static final int LONGEST_SHOWN = 20_000;
    private static final int LONGEST_KEPT = 256 * 1024;

    private final Sql sql;
    private final Runs runs;
    private final FileBook book;
    private final Workspaces workspaces;
    private final Contracts contracts;

    FileChange(Sql sql, Runs runs, FileBook book, Workspaces workspaces, Contracts contracts) {
        this.sql = sql;
        this.runs = runs;
        this.book = book;
        this.workspaces = workspaces;
        this.contracts = contracts;
    }

    /** What stands there now; empty when nothing does. */
    Optional<FileContent> seen(Call call, FilePath path) {
        return read(call.scope(), path);
    }

    Draft draft(Call call, FilePath path, Optional<FileContent> seen, String text, String shown) {
        requireDraft(call.scope(), path.toString());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Workspace.LARGEST) {
            throw new CapitaniaException(
                    ErrorCode.PAYLOAD_TOO_LARGE, path + " would have more than " + Workspace.LARGEST + " bytes");
        }
        OwnNotes.requireShort(path, bytes.length);
        String before = seen.map(FileContent::sha256).orElse(null);
        ObjectNode effect = Json.MAPPER
                .createObjectNode()
                .put("message_id", "")
                .put("path", path.toString())
                .put("before", before)
                .put("after", FileContent.sha256(bytes))
                .put("content", text)
                .put("tainted", tainted(call, path, seen));
        // What was there is kept, so that the write can be taken back.
        seen.flatMap(FileContent::text)
                .filter(old -> old.length() <= LONGEST_KEPT)
                .ifPresent(old -> effect.put("before_content", old).put("before_tainted", !trusted(call, path, seen)));
        String key = Canonical.sha256(
                "file",
                path.toString(),
                String.valueOf(before),
                seen.map(content -> content.modifiedAt().toString()).orElse(call.callId()),
                FileContent.sha256(bytes));
        return new Draft(
                key,
                "",
                null,
                null,
                List.of(),
                rendering(call, path, seen, bytes.length, shown),
                effect,
                false,
                new TextChange(seen.isEmpty() ? "" : seen.get().text().orElse(null), text));
    }

    private boolean tainted(Call call, FilePath path, Optional<FileContent> seen) {
        if (call.human()) {
            return false;
        }
        return sql.tx(call.scope(), tx -> !runs.taints(tx, call.taskId()).isEmpty() || !trusted(tx, path, seen));
    }

    private boolean trusted(Call call, FilePath path, Optional<FileContent> seen) {
        return sql.tx(call.scope(), tx -> trusted(tx, path, seen));
    }

    private boolean trusted(Tx tx, FilePath path, Optional<FileContent> seen) {
        return seen.filter(content -> !book.trusts(tx, path, content)).isEmpty();
    }

    private void requireDraft(Scope scope, String path) {
        if (contracts.settled(scope, path)) {
            throw new CapitaniaException(
                            ErrorCode.CROSS_SCOPE_VIOLATION,
                            path + " is the text of a contract that is no draft any more")
                    .withHint(
                            "propose an amendment with request_approval; write it beside this file, under another name");
        }
    }

    private static Rendering rendering(Call call, FilePath path, Optional<FileContent> seen, int bytes, String shown) {
        String summary = call.tool().name() + " " + path + ": "
                + seen.map(content -> content.size() + " bytes become " + bytes)
                        .orElse("a new file of " + bytes + " bytes");
        if (shown.length() > LONGEST_SHOWN) {
            // Nobody reads all of it, and a part may say the opposite of the whole: it is done, or it is not, but
            // nobody is asked.
            return new Rendering(summary, List.of(), null, null, "**" + summary + "**\n", List.of());
        }
        VisibleText visible = VisibleText.of(shown);
        String fence = VisibleText.fence(visible.shown());
        return new Rendering(
                summary,
                List.of(),
                null,
                visible.shown(),
                "**" + summary + "**\n\n" + fence + "\n" + visible.shown() + "\n" + fence + "\n",
                visible.warnings());
    }

    /** A person who approved the text answers for it. */
    static JsonNode approved(JsonNode effect, String person) {
        return ((ObjectNode) effect.deepCopy()).put("tainted", false).put("approved_by", person);
    }

    Delivery perform(Scope scope, JsonNode effect) {
        FilePath path = FilePath.of(effect.path("path").asText());
        try {
            requireDraft(scope, path.toString());
            requireWhole(path, effect);
            return workspaces.write(scope.tenant(), workspace -> changed(workspace, path, effect))
                    ? new Delivery.Sent(Json.MAPPER.createObjectNode().put("sha256", now(scope, path)))
                    : new Delivery.NotSent(path + " has changed since it was read; read it again", false);
        } catch (CapitaniaException e) {
            // A failing disk may have done it: the next look at the file tells.
            return e.code().type() == ErrorType.UNAVAILABLE
                    ? new Delivery.InDoubt(e.detail())
                    : new Delivery.NotSent(e.detail(), false);
        }
    }

    /** What was judged and shown is named by its digest, and nothing else is written. */
    private static void requireWhole(FilePath path, JsonNode effect) {
        String after = text(effect, "after");
        byte[] bytes = effect.path("content").asText().getBytes(StandardCharsets.UTF_8);
        if (after != null && !after.equals(FileContent.sha256(bytes))) {
            throw new CapitaniaException(ErrorCode.PROPOSAL_CHANGED, "the text for " + path + " is not the one judged");
        }
    }

    private static boolean changed(Workspace workspace, FilePath path, JsonNode effect) throws IOException {
        String before = text(effect, "before");
        if (effect.hasNonNull("after")) {
            byte[] bytes = effect.path("content").asText().getBytes(StandardCharsets.UTF_8);
            return workspace.replace(path, before, bytes);
        }
        return before != null && workspace.remove(path, before);
    }

    /** What it is to replace and what stands there instead; empty while it stands there. */
    Optional<ObjectNode> differs(Scope scope, JsonNode effect) {
        FilePath path = FilePath.of(effect.path("path").asText());
        String before = text(effect, "before");
        Optional<FileContent> now = read(scope, path);
        return Objects.equals(now.map(FileContent::sha256).orElse(null), before)
                ? Optional.empty()
                : Optional.of(FileDifference.of(path, before, text(effect, "before_content"), now));
    }

    Presence look(Scope scope, JsonNode effect) {
        String now;
        try {
            now = now(scope, FilePath.of(effect.path("path").asText()));
        } catch (CapitaniaException e) {
            return e.code().type() == ErrorType.UNAVAILABLE ? Presence.TOO_EARLY : Presence.UNKNOWABLE;
        }
        if (Objects.equals(now, text(effect, "after"))) {
            return Presence.FOUND;
        }
        return Objects.equals(now, text(effect, "before")) ? Presence.ABSENT : Presence.UNKNOWABLE;
    }

    JsonNode record(Scope scope, String effectId, JsonNode effect) {
        String path = effect.path("path").asText();
        String after = text(effect, "after");
        if (after == null) {
            return Json.MAPPER.createObjectNode().put("path", path).put("removed", true);
        }
        sql.run(
                scope,
                (Tx tx) -> book.note(tx, path, after, effect.path("tainted").asBoolean(), effectId));
        return Json.MAPPER
                .createObjectNode()
                .put("path", path)
                .put("sha256", after)
                .put("bytes", effect.path("content").asText().getBytes(StandardCharsets.UTF_8).length)
                .put("created", text(effect, "before") == null);
    }

    @Nullable
    String now(Scope scope, FilePath path) {
        return read(scope, path).map(FileContent::sha256).orElse(null);
    }

    private Optional<FileContent> read(Scope scope, FilePath path) {
        return workspaces.read(scope.tenant(), workspace -> workspace.read(path));
    }

    static @Nullable String text(JsonNode effect, String name) {
        return effect.hasNonNull(name) ? effect.path(name).asText() : null;
    }
}

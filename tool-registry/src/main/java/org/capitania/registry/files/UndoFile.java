package org.capitania.registry.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Presence;
import org.capitania.servicekit.Scope;

/** Takes back a write of a file: what stood there before stands there again, if nobody has changed it since. It is a change of the file like any other. */
@ApplicationScoped
public class UndoFile {
    private final FileChange change;

    UndoFile(FileChange change) {
        this.change = change;
    }

    /** The effect that takes back another effect; refused when the file is not what that one made of it. */
    public ObjectNode of(Scope scope, JsonNode done) {
        String path = done.path("path").asText();
        String made = FileChange.text(done, "after");
        String before = FileChange.text(done, "before");
        if (made == null || (before != null && !done.hasNonNull("before_content"))) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "what stood in " + path + " before was not kept");
        }
        if (!Objects.equals(made, change.now(scope, FilePath.of(path)))) {
            throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, path + " has been changed since")
                    .withHint("take back what came later first; file_read shows what stands there");
        }
        ObjectNode undo = Json.MAPPER
                .createObjectNode()
                .put("message_id", "")
                .put("path", path)
                .put("before", made)
                .put("after", before);
        if (before != null) {
            undo.put("content", done.path("before_content").asText())
                    .put("tainted", done.path("before_tainted").asBoolean(true));
        }
        return undo;
    }

    public Delivery perform(Scope scope, JsonNode effect) {
        return change.perform(scope, effect);
    }

    public Presence look(Scope scope, JsonNode effect) {
        return change.look(scope, effect);
    }

    public void record(Scope scope, String effectId, JsonNode effect) {
        change.record(scope, effectId, effect);
    }
}

package org.capitania.registry.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.servicekit.Scope;

/** What writing and editing have in common: once the new text is known they are one act. */
abstract class FileAct implements OutwardTool {
    private final FileChange change;

    FileAct(FileChange change) {
        this.change = change;
    }

    final FileChange change() {
        return change;
    }

    @Override
    public JsonNode approved(JsonNode effect, String proposalId, String person) {
        return FileChange.approved(effect, person);
    }

    @Override
    public Optional<ObjectNode> changed(Scope scope, JsonNode effect) {
        return change.differs(scope, effect);
    }

    @Override
    public Delivery perform(Scope scope, JsonNode effect) {
        return change.perform(scope, effect);
    }

    @Override
    public Presence look(Scope scope, JsonNode effect, Duration doubted) {
        return change.look(scope, effect);
    }

    @Override
    public JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at) {
        return change.record(scope, effectId, effect);
    }
}

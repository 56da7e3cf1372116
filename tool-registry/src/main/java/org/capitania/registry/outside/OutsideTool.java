package org.capitania.registry.outside;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code outside_tools}.
 *
 * @param reads whether the owner classed it as one that only reads; every other waits for the owner
 */
record OutsideTool(
        String tool,
        String server,
        String remoteName,
        JsonNode offered,
        String offeredHash,
        @Nullable JsonNode pinned,
        @Nullable String pinnedHash,
        boolean reads,
        List<String> agents,
        @Nullable String trustedBy,
        String status) {
    static final String COLUMNS = """
            tool, server, remote_name, offered::text AS offered, offered_hash, pinned::text AS pinned, pinned_hash, class, agents, trusted_by, status
            """;

    static OutsideTool read(Row row) {
        String pinned = row.getString("pinned");
        return new OutsideTool(
                row.getString("tool"),
                row.getString("server"),
                row.getString("remote_name"),
                Json.read(row.getString("offered"), JsonNode.class),
                row.getString("offered_hash"),
                pinned == null ? null : Json.read(pinned, JsonNode.class),
                row.getString("pinned_hash"),
                "read".equals(row.getString("class")),
                List.of(row.getArrayOfStrings("agents")),
                row.getString("trusted_by"),
                row.getString("status"));
    }

    boolean trusted() {
        return status.equals("trusted");
    }

    /** What was pinned; what is offered as long as nothing was. */
    JsonNode definition() {
        return pinned == null ? offered : pinned;
    }
}

package org.capitania.registry.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.Fleet;

/** A test of tools that the owner calls. */
abstract class OwnerCalls extends AmongPeers {
    static ToolResult owner(String tool, Object arguments) {
        return Fleet.owner(tool, "owner-" + UUID.randomUUID(), arguments);
    }

    /** The id of what was made. */
    static String made(String tool, Object arguments) {
        return done(tool, arguments).path("id").asText();
    }

    /** Why it is refused. */
    static String code(String tool, Object arguments) {
        return Fleet.refusal(owner(tool, arguments));
    }

    static JsonNode items(ToolResult result) {
        return done(result).path("items");
    }

    static JsonNode done(String tool, Object arguments) {
        return done(owner(tool, arguments));
    }

    static JsonNode done(ToolResult result) {
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data();
    }
}

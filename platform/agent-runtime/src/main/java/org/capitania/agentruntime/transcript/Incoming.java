package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.capitania.contract.event.AgentMessage;
import org.jspecify.annotations.Nullable;

/**
 * Something that came to the agent: an event, or a message of another agent. Its content is never an instruction.
 *
 * @param id the event's or the message's id; one is shown once
 * @param type the event type; {@code agent.message} for a message
 */
public record Incoming(
        String id, String type, String actor, @Nullable String subject, Instant time, boolean tainted, JsonNode data) {

    /** Whether another agent tells unasked what rests on something from outside. */
    public boolean hearsay() {
        return tainted
                && type.equals(AgentMessage.TYPE)
                && data.path("kind").asText().equals("send");
    }
}

package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall;

/** Frozen calls of a made-up thread, as tool-registry would answer them. */
public final class Frozen {
    public static final String CONVERSATION = "0192f000-0000-7000-8000-00000000c001";
    public static final String INTERACTION = "0192f000-0000-7000-8000-00000000a001";

    private Frozen() {}

    /** The first revision of a reply to Ana. */
    public static FrozenCall reply(UUID id) {
        return of(id, 1, arguments("Re: Opening hours over the holidays", """
                Dear Ana,

                we are open until 18:00 on the 23rd and closed from the 24th to the 26th.

                Kind regards
                Capitania"""), Instant.parse("2026-11-20T09:12:00Z"));
    }

    public static FrozenCall of(UUID id, int revision, JsonNode arguments, Instant at) {
        List<String> recipients = StreamSupport.stream(arguments.path("to").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        String subject = arguments.path("subject").asText();
        String body = arguments.path("body_text").asText();
        return new FrozenCall(
                id.toString(),
                "session-" + id + ":2:0",
                revision,
                "email_send",
                "agent:chief",
                "outbound",
                arguments,
                digest(arguments),
                new FrozenCall.Rendering(
                        "Reply to " + String.join(", ", recipients) + ": " + subject,
                        recipients,
                        subject,
                        body,
                        "**" + subject + "**\n\n" + body,
                        List.of()),
                List.of(new FrozenCall.Fact(INTERACTION, 1)),
                true,
                "task-" + id,
                "session-" + id,
                CONVERSATION,
                INTERACTION,
                "business-" + id,
                at);
    }

    public static ObjectNode arguments(String subject, String body) {
        ObjectNode arguments = Json.MAPPER.createObjectNode();
        arguments.put("conversation_id", CONVERSATION);
        arguments.put("in_reply_to_interaction", INTERACTION);
        arguments.putArray("to").add("ana.silva@moinho.example");
        arguments.putArray("cc");
        arguments.put("subject", subject);
        arguments.put("body_text", body);
        return arguments;
    }

    private static String digest(JsonNode arguments) {
        try {
            byte[] bytes = ("email_send\n" + arguments).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Refused;
import org.capitania.agentruntime.transcript.SessionEntry.Remembered;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** The model calls of a session as its entries tell them: what went in, by its digest, and what came out. */
public final class ModelCalls {
    private static final int LONGEST = 4000;

    private ModelCalls() {}

    /**
     * A call that was answered.
     *
     * @param purpose turn or snapshot
     * @param inputsDigest of everything that stood in the session before the call; the same entries give the same
     * @param output its words and calls, cut
     * @param confidence the least that it gave, in a call's {@code confidence} or in its sentinel; null where it gave none
     */
    public record Made(
            String callId,
            int turn,
            String purpose,
            String inputsDigest,
            String output,
            @Nullable Double confidence) {}

    /**
     * A session as it stood when a model was asked.
     *
     * @param snapshot whether it was asked what the session leaves behind
     */
    public record Before(Transcript transcript, boolean snapshot, String inputsDigest) {}

    /** All of them, in order. */
    public static List<Made> of(Transcript transcript) {
        List<Made> made = new ArrayList<>();
        MessageDigest digest = sha256();
        @Nullable Asked asked = null;
        String inputs = "";
        for (SessionEntry entry : transcript.entries()) {
            if (entry instanceof Asked a) {
                asked = a;
                inputs = soFar(digest);
            } else if (asked != null) {
                Optional<Made> answered = answered(asked, inputs, entry);
                answered.ifPresent(made::add);
                asked = answered.isPresent() ? null : asked;
            }
            add(digest, entry);
        }
        return made;
    }

    /** The session before a call; empty where it made no call of this id. */
    public static Optional<Before> before(Transcript transcript, String callId) {
        List<SessionEntry> entries = transcript.entries();
        MessageDigest digest = sha256();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof Asked asked && asked.callId().equals(callId)) {
                List<SessionEntry> before = entries.subList(0, i);
                return Optional.of(new Before(
                        new Transcript(transcript.sessionId(), before),
                        before.stream().anyMatch(Ended.class::isInstance),
                        soFar(digest)));
            }
            add(digest, entries.get(i));
        }
        return Optional.empty();
    }

    /** What an entry says of the call that stands open; empty where it says nothing of it. */
    private static Optional<Made> answered(Asked asked, String inputs, SessionEntry entry) {
        return switch (entry) {
            case Replied(int turn, Reply reply)
            when turn == asked.turn() ->
                Optional.of(new Made(
                        asked.callId(),
                        turn,
                        "turn",
                        inputs,
                        output(reply),
                        Confidence.of(reply).orElse(null)));
            case Remembered(Snapshot snapshot) -> Optional.of(snapshot(asked, inputs, Json.write(snapshot)));
            case Refused(String code, String detail) -> Optional.of(snapshot(asked, inputs, code + ": " + detail));
            default -> Optional.empty();
        };
    }

    private static Made snapshot(Asked asked, String inputs, String output) {
        return new Made(asked.callId(), asked.turn(), "snapshot", inputs, cut(output), null);
    }

    private static String output(Reply reply) {
        String calls = reply.calls().stream()
                .map(call -> call.tool() + " " + call.arguments())
                .collect(Collectors.joining("\n"));
        return cut((reply.text() + "\n" + calls).strip());
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** How often a model was asked is no part of what it was told. */
    private static void add(MessageDigest digest, SessionEntry entry) {
        if (!(entry instanceof Asked)) {
            StringBuilder canonical = new StringBuilder();
            canonical(Json.tree(entry), canonical);
            digest.update(canonical.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What the store may give back otherwise is levelled: the order of members, the form of numbers, NUL. */
    private static void canonical(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            names.sort(null);
            out.append('{');
            names.forEach(name -> {
                out.append(Json.write(name.replace('\0', '\ufffd'))).append(':');
                canonical(node.path(name), out);
                out.append(',');
            });
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            node.forEach(each -> {
                canonical(each, out);
                out.append(',');
            });
            out.append(']');
        } else if (node.isNumber()) {
            out.append(node.decimalValue().stripTrailingZeros().toPlainString());
        } else if (node.isTextual()) {
            out.append(Json.write(node.asText().replace('\0', '\ufffd')));
        } else {
            out.append(node);
        }
    }

    private static String soFar(MessageDigest digest) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every Java clones SHA-256", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

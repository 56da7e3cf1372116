package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.event.FrozenCall;
import org.jspecify.annotations.Nullable;

/**
 * What would leave, as tool-registry rendered it; a mail when it has recipients, otherwise its arguments one by one.
 *
 * @param also whom it reaches besides, by the rendering; nobody is ever left out
 * @param fields the arguments of an act that is no mail
 */
record Draft(
        boolean mail,
        List<String> to,
        List<String> cc,
        List<String> also,
        @Nullable String subject,
        @Nullable String body,
        List<String> warnings,
        Map<String, String> fields) {
    private static final int PREVIEW = 240;

    static Draft of(ProposalView proposal) {
        JsonNode arguments = proposal.arguments();
        FrozenCall.Rendering rendering = proposal.rendering();
        boolean mail = arguments.has("to") && arguments.has("body_text");
        List<String> to = addresses(arguments.path("to"));
        List<String> cc = addresses(arguments.path("cc"));
        List<String> also = rendering == null || !mail
                ? List.of()
                : rendering.recipients().stream()
                        .map(Addresses::visible)
                        .filter(r -> !to.contains(r) && !cc.contains(r))
                        .toList();
        return new Draft(
                mail,
                to,
                cc,
                also,
                rendering != null && rendering.subject() != null ? rendering.subject() : text(arguments, "subject"),
                rendering != null && rendering.body() != null ? rendering.body() : text(arguments, "body_text"),
                rendering == null ? List.of() : rendering.warnings(),
                mail ? Map.of() : fields(arguments));
    }

    /** The text line by line, for a quotation in markdown. */
    public List<String> lines() {
        return body == null ? List.of() : body.lines().toList();
    }

    /** The beginning of the text, without a greeting line of its own. */
    public String preview() {
        if (body == null) {
            return String.join(" · ", fields.values());
        }
        String flat = body.strip().replaceAll("\\s+", " ");
        return flat.length() <= PREVIEW ? flat : flat.substring(0, PREVIEW) + "…";
    }

    private static List<String> addresses(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .map(Addresses::visible)
                .toList();
    }

    private static @Nullable String text(JsonNode arguments, String name) {
        return arguments.hasNonNull(name) ? arguments.path(name).asText() : null;
    }

    private static Map<String, String> fields(JsonNode arguments) {
        Map<String, String> fields = new TreeMap<>();
        arguments
                .properties()
                .forEach(e -> fields.put(
                        e.getKey(),
                        e.getValue().isTextual()
                                ? e.getValue().asText()
                                : e.getValue().toString()));
        return fields;
    }
}

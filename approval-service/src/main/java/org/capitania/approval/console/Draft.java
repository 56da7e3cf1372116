package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.event.FrozenCall;
import org.jspecify.annotations.Nullable;

/**
 * What would leave, as tool-registry rendered it; a mail when it has recipients, otherwise its arguments one by one.
 *
 * @param to whom it reaches, by the rendering; nobody whom the arguments name besides is ever left out
 * @param fields the arguments of an act that is no mail
 */
record Draft(
        boolean mail,
        List<String> to,
        List<String> cc,
        @Nullable String subject,
        @Nullable String body,
        List<String> warnings,
        Map<String, String> fields) {
    private static final int PREVIEW = 240;
    /** How the rendering marks a recipient of a copy. */
    private static final String CC = "cc ";
    /** The last part in angle brackets; behind it may stand how its domain is written otherwise. */
    private static final Pattern ADDRESS = Pattern.compile("<([^<>]*)>(?: \\([^()]*\\))?$");

    static Draft of(ProposalView proposal) {
        JsonNode arguments = proposal.arguments();
        FrozenCall.Rendering rendering = proposal.rendering();
        boolean mail = arguments.has("to") && arguments.has("body_text");
        List<String> shown = rendering == null || !mail ? List.of() : rendering.recipients();
        List<String> cc = together(
                shown.stream()
                        .filter(r -> r.startsWith(CC))
                        .map(r -> r.substring(CC.length()))
                        .toList(),
                addresses(arguments.path("cc")));
        List<String> to =
                together(shown.stream().filter(r -> !r.startsWith(CC)).toList(), addresses(arguments.path("to")));
        return new Draft(
                mail,
                to,
                cc,
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

    /** Recipients with their names, and the addresses among the arguments that are none of theirs. */
    private static List<String> together(List<String> rendered, List<String> addresses) {
        Set<String> named = rendered.stream().map(Draft::address).collect(Collectors.toSet());
        return Stream.concat(
                        rendered.stream(),
                        addresses.stream().filter(address -> !named.contains(address.toLowerCase(Locale.ROOT))))
                .toList();
    }

    private static String address(String recipient) {
        Matcher matcher = ADDRESS.matcher(recipient);
        return (matcher.find() ? matcher.group(1) : recipient).toLowerCase(Locale.ROOT);
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
                        Addresses.readable(
                                e.getValue().isTextual()
                                        ? e.getValue().asText()
                                        : e.getValue().toString())));
        return fields;
    }
}

package org.capitania.approval.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.FormParam;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.capitania.approval.console.ProposalPage.Form;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.ProposalView;
import org.jspecify.annotations.Nullable;

/** The posted form of an edit. */
public class EditForm {
    @FormParam("token")
    @Nullable
    String token;

    @FormParam("digest")
    @Nullable
    String digest;

    @FormParam("to")
    @Nullable
    String to;

    @FormParam("cc")
    @Nullable
    String cc;

    @FormParam("subject")
    @Nullable
    String subject;

    @FormParam("body")
    @Nullable
    String body;

    @FormParam("json")
    @Nullable
    String json;

    @FormParam("reason")
    @Nullable
    String reason;

    @FormParam("then")
    @Nullable
    String then;

    boolean thenApprove() {
        return "approve".equals(then);
    }

    /** The whole new arguments: those of the current revision with what the form holds in their place. */
    JsonNode arguments(ProposalView proposal) {
        if (json != null) {
            try {
                return Json.MAPPER.readTree(json);
            } catch (JsonProcessingException e) {
                throw new CapitaniaException(
                        ErrorCode.BAD_REQUEST,
                        "this is not JSON: " + e.getOriginalMessage(),
                        List.of(new FieldError("/json", null, "a JSON object", e.getOriginalMessage())));
            }
        }
        ObjectNode arguments = proposal.arguments().deepCopy();
        replace(arguments, "to", to);
        replace(arguments, "cc", cc);
        if (subject != null) {
            arguments.put("subject", subject.strip());
        }
        if (body != null) {
            arguments.put("body_text", body.replace("\r\n", "\n").stripTrailing());
        }
        return arguments;
    }

    /** The same form again, with what was wrong beside each field. */
    Form again(CapitaniaException problem) {
        Map<String, String> errors = new HashMap<>();
        for (FieldError error : problem.errors()) {
            String field = error.path().replaceFirst("^/?([^/]*).*", "$1");
            errors.merge(field.equals("body_text") ? "body" : field, error.message(), (a, b) -> a + "; " + b);
        }
        return new Form(or(to), or(cc), or(subject), or(body), or(json), or(reason), errors);
    }

    static Form of(ProposalView proposal) {
        JsonNode arguments = proposal.arguments();
        return new Form(
                lines(arguments.path("to")),
                lines(arguments.path("cc")),
                arguments.path("subject").asText(""),
                arguments.path("body_text").asText(""),
                arguments.toPrettyString(),
                "",
                Map.of());
    }

    private static void replace(ObjectNode arguments, String name, @Nullable String lines) {
        if (lines == null || (lines.isBlank() && !arguments.has(name))) {
            return;
        }
        ArrayNode addresses = arguments.putArray(name);
        for (String address : lines.split("[\\s,;]+")) {
            if (!address.isBlank()) {
                addresses.add(address.strip());
            }
        }
    }

    private static String lines(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("\n"));
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }
}

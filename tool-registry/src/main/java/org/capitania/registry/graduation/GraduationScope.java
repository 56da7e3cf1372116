package org.capitania.registry.graduation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of an action a graduation is for: {@code domain:padaria.pt}, {@code address:rita@padaria.pt} or {@code conversation:<id>}; without
 * one, all. Every recipient must be inside, and named by the call itself with an address: who is found by a record alone is not.
 */
record GraduationScope(String kind, String value) {
    private static final String ALL = "all";
    private static final List<String> KINDS = List.of("domain", "address", "conversation");

    static GraduationScope of(@Nullable String text) {
        if (text == null) {
            return new GraduationScope(ALL, "");
        }
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String value = text.substring(colon + 1).strip();
        if (!KINDS.contains(kind) || value.isEmpty()) {
            throw new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "a scope is not written " + text)
                    .withHint("write domain:example.com, address:ana@example.com or conversation:ID");
        }
        return new GraduationScope(kind, kind.equals("conversation") ? value : value.toLowerCase(Locale.ROOT));
    }

    boolean covers(JsonNode arguments) {
        List<String> people = new ArrayList<>();
        for (String field : List.of("to", "cc", "bcc")) {
            JsonNode named = arguments.path(field);
            Iterable<JsonNode> all = named.isTextual() ? List.of(named) : named;
            all.forEach(address -> people.add(address.asText().toLowerCase(Locale.ROOT)));
        }
        return switch (kind) {
            case ALL -> true;
            case "conversation" -> arguments.path("conversation_id").asText().equals(value);
            case "domain" -> !people.isEmpty() && people.stream().allMatch(p -> p.endsWith("@" + value));
            default -> !people.isEmpty() && people.stream().allMatch(value::equals);
        };
    }
}

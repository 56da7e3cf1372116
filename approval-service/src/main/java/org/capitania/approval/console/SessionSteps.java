package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.capitania.approval.console.SessionPage.Step;
import org.jspecify.annotations.Nullable;

/** The entries of a session in words for people. What a model wrote, or was sent, is text and nothing else. */
final class SessionSteps {
    private static final Pattern SENTINEL = Pattern.compile("(?m)^\\s*<task-complete\\s[^<>]*/>\\s*$");
    private static final int LONGEST = 6_000;

    private SessionSteps() {}

    static List<Step> of(JsonNode entries, Instant now) {
        List<Step> steps = new ArrayList<>();
        for (JsonNode entry : entries) {
            Step step = step(
                    entry.path("kind").asText(),
                    entry.path("body"),
                    Moment.of(Instant.parse(entry.path("at").asText()), now));
            if (step != null) {
                steps.add(step);
            }
        }
        return steps;
    }

    private static @Nullable Step step(String kind, JsonNode body, Moment at) {
        return switch (kind) {
            case "opened" -> new Step("Began", null, at, "done");
            case "received" -> new Step("Was told of " + each(body.path("items"), "type"), null, at, "done");
            case "replied" -> replied(body.path("reply"), at);
            case "returned" ->
                new Step(
                        Words.step(body.path("tool").asText()),
                        body.path("ok").asBoolean()
                                ? null
                                : text(body.path("code")
                                        .asText(body.path("status").asText())),
                        at,
                        body.path("ok").asBoolean() ? "done" : "failed");
            case "reminded" -> new Step("Was reminded", text(body.path("text").asText()), at, "said");
            case "compacted" -> new Step("Set older results aside", null, at, "done");
            case "ended" ->
                new Step(
                        body.path("ending").asText().equals("finished") ? "Finished" : "Stopped",
                        text(body.path("reason").asText()),
                        at,
                        body.path("ending").asText().equals("failed") ? "failed" : "done");
            case "remembered" -> new Step("Wrote down what to remember", null, at, "done");
            default -> null;
        };
    }

    /** What it calls is told by what comes back. */
    private static @Nullable Step replied(JsonNode reply, Moment at) {
        String said =
                SENTINEL.matcher(reply.path("text").asText()).replaceAll("").strip();
        return said.isEmpty() ? null : new Step("Said", text(said), at, "said");
    }

    private static String each(JsonNode items, String name) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path(name).asText())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String text(String raw) {
        String text = Addresses.readable(raw);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}

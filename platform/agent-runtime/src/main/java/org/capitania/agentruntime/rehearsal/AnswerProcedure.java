package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/** Answers another agent's question from the graph: searches, looks at the best find, and says one fact with its source. */
final class AnswerProcedure implements Procedure {
    private static final Pattern NAMED = Pattern.compile("(?:Entity|Contact): ([0-9a-fA-F-]{36})");
    private static final Pattern QUOTED = Pattern.compile("[\"“«]([^\"”»]{3,120})[\"”»]");
    private static final Pattern SENDER = Pattern.compile("Sender: ([^<.]{2,80})");
    private static final Pattern SOURCE = Pattern.compile("\\s*Source: \\S+, version \\d+\\.?\\s*$");
    static final String FACT = "FACT: ";
    static final String NONE = "NO FACT: ";
    private static final int LONGEST_QUERY = 200;
    private static final List<String> PREFERRED = List.of("entity", "project", "engagement", "contact");

    @Override
    public Outcome play(Play play) {
        String question = play.field("text");
        Map<String, Object> words = Map.of("query", query(question), "limit", 5);
        Optional<Made> search = play.can("hq_search", words)
                ? Optional.of(play.act("I look for it in the graph.", "hq_search", words))
                : Optional.empty();
        Optional<JsonNode> record = ref(question, search)
                .flatMap(ref -> play.look("I look at what is recorded.", "hq_describe", Map.of("ref", ref)));
        return new Outcome(answer(question, search, record), "answered");
    }

    /** The fact in an answer, without its source: what stands after the mark, or the first paragraph of an answer without marks. */
    static Optional<String> fact(String reply) {
        String text = reply.strip();
        if (text.isEmpty() || text.contains(NONE)) {
            return Optional.empty();
        }
        int mark = text.indexOf(FACT);
        String line = (mark < 0 ? text : text.substring(mark + FACT.length())).split("\\R", 2)[0];
        String fact = SOURCE.matcher(line).replaceFirst("").strip();
        return Optional.of(fact.length() > 300 ? fact.substring(0, 297) + "…" : fact)
                .filter(f -> !f.isEmpty());
    }

    static String query(String question) {
        Matcher sender = SENDER.matcher(question);
        if (sender.find() && !sender.group(1).isBlank()) {
            return sender.group(1).strip();
        }
        Matcher quoted = QUOTED.matcher(question);
        String query = quoted.find() ? quoted.group(1) : question.isBlank() ? "company" : question;
        return query.length() > LONGEST_QUERY ? query.substring(0, LONGEST_QUERY) : query;
    }

    /** What to look at: the record that the question names, else the best find. */
    static Optional<String> ref(String question, Optional<Made> search) {
        Matcher named = NAMED.matcher(question);
        if (named.find()) {
            return Optional.of(named.group(1));
        }
        JsonNode hits = search.filter(Made::ok).map(m -> m.data().path("hits")).orElse(MissingNode.getInstance());
        for (String type : PREFERRED) {
            for (JsonNode hit : hits) {
                if (hit.path("type").asText().equals(type)) {
                    return Optional.of(hit.path("id").asText());
                }
            }
        }
        return hits.isEmpty()
                ? Optional.empty()
                : Optional.of(hits.path(0).path("id").asText());
    }

    private static String answer(String question, Optional<Made> search, Optional<JsonNode> record) {
        if (record.isPresent()) {
            return FACT + sentence(record.get()) + sources(search);
        }
        String why = search.isPresent() && !search.get().ok()
                ? "the graph could not be searched (" + search.get().code() + ")"
                : "nothing is recorded for \"" + query(question) + "\"";
        return NONE + why + ".";
    }

    /** What is recorded, in one sentence with its source. */
    static String sentence(JsonNode data) {
        JsonNode node = data.path("node");
        JsonNode props = node.path("props");
        String title = first(node.path("title"), props.path("name"), props.path("title"), node.path("slug"));
        StringBuilder out = new StringBuilder(title)
                .append(" is recorded as ")
                .append(node.path("type").asText("a node"));
        List<String> details = new ArrayList<>();
        for (String prop : List.of("kind", "relationship", "stage", "industry", "city", "language", "summary")) {
            String value = props.path(prop).asText("");
            if (!value.isBlank() && value.length() <= 120 && !value.contains("\n")) {
                details.add(prop.replace('_', ' ') + " " + value);
            }
        }
        if (!node.path("status").asText("").isBlank()) {
            details.add("status " + node.path("status").asText());
        }
        List<String> others = new ArrayList<>();
        for (JsonNode edge : data.path("edges")) {
            JsonNode other = edge.path("other");
            String type = other.path("type").asText();
            if (List.of("entity", "project", "engagement", "task", "invoice").contains(type) && others.size() < 3) {
                others.add(type + " " + first(other.path("title"), other.path("slug"), other.path("id")));
            }
        }
        if (!details.isEmpty()) {
            out.append(" (").append(String.join(", ", details)).append(')');
        }
        if (!others.isEmpty()) {
            out.append(", connected with ").append(String.join("; ", others));
        }
        return out.append(". Source: ")
                .append(first(node.path("slug"), node.path("id")))
                .append(", version ")
                .append(node.path("version").asInt())
                .append('.')
                .toString()
                .replaceAll("[\\r\\n]+", " ");
    }

    private static String sources(Optional<Made> search) {
        int count =
                search.filter(Made::ok).map(m -> m.data().path("count").asInt()).orElse(0);
        return count > 1 ? "\nThe search found " + count + " records in all." : "";
    }

    private static String first(JsonNode... candidates) {
        for (JsonNode candidate : candidates) {
            if (!candidate.asText("").isBlank()) {
                return candidate.asText();
            }
        }
        return "it";
    }
}

package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;

/** What tools answer in a small company whose one customer speaks one language. */
final class FakeCompany {
    /** What a call came to. */
    record Answer(boolean ok, String status, String code, JsonNode data, String says) {
        Answer(boolean ok, String status, String code, JsonNode data) {
            this(ok, status, code, data, "the company says " + code);
        }
    }

    private final Language language;
    private final String body;
    private final Map<String, Answer> instead = new HashMap<>();

    FakeCompany(Language language, String body) {
        this.language = language;
        this.body = body;
    }

    static FakeCompany of(Language language) {
        return new FakeCompany(
                language,
                language.say(
                        "Hello, when does our order arrive? Thank you.",
                        "Bom dia, quando chega a nossa encomenda? Obrigada."));
    }

    /** A tool, or a tool and one of its actions, refuses. */
    FakeCompany refusing(String tool, String code) {
        instead.put(tool, new Answer(false, "refused", code, Json.MAPPER.createObjectNode()));
        return this;
    }

    FakeCompany refusing(String tool, String code, String says) {
        instead.put(tool, new Answer(false, "refused", code, Json.MAPPER.createObjectNode(), says));
        return this;
    }

    FakeCompany answering(String tool, Object data) {
        instead.put(tool, new Answer(true, "done", "", Json.tree(data)));
        return this;
    }

    Answer answer(String tool, JsonNode arguments) {
        String action = tool + " " + arguments.path("action").asText();
        Answer other = instead.getOrDefault(action, instead.get(tool));
        return other != null ? other : answer(tool, action, arguments);
    }

    private Answer answer(String tool, String action, JsonNode arguments) {
        return switch (tool) {
            case "email_send", "request_approval" ->
                new Answer(true, "proposed", "", Json.tree(Map.of("proposal_id", "p-9")));
            case "email_thread_read" -> done(thread());
            case "hq_search" ->
                done(Map.of("hits", hits(arguments), "count", hits(arguments).size()));
            case "hq_describe" -> done(detail("entity:aurora", "entity", "Aurora", Map.of("language", tag())));
            case "hq_timeline" ->
                done(Map.of(
                        "items",
                        List.of(Map.of("id", "1", "at", "2026-11-20T10:00:00Z", "title", "Aurora")),
                        "count",
                        1));
            case "agent_spawn", "project_run", "notify_owner" -> done(Map.of("id", "x-1"));
            case "graph_reconcile" -> done(arguments.has("verdicts") ? judged() : night());
            case "pipeline_view" -> done(Map.of("stages", List.of(Map.of("stage", "proposal", "count", 2))));
            case "file_write" -> done(Map.of("path", arguments.path("path").asText(), "created", true));
            case "hq_producer" ->
                arguments.path("action").asText().equals("map")
                        ? new Answer(true, "proposed", "", Json.tree(Map.of("proposal_id", "p-7")))
                        : done(byAction(action));
            default -> done(byAction(action));
        };
    }

    private Object byAction(String action) {
        return switch (action) {
            case "hq_agent ask" ->
                Map.of(
                        "from",
                        "operator",
                        "reply",
                        "FACT: Aurora is recorded as entity. Source: entity:aurora, version 3.");
            case "hq_task list" -> Map.of("items", List.of());
            case "hq_task show" ->
                detail(
                        "task:t",
                        "task",
                        language.say("Check the address of Aurora", "Verificar a morada da Aurora"),
                        Map.of(
                                "description_md",
                                language.say(
                                        "We need the address for the invoice.",
                                        "Precisamos da morada para a fatura.")));
            case "hq_engagement show" -> detail("engagement:deal", "engagement", "Aurora", Map.of());
            case "hq_feature show" ->
                detail(
                        "feature:f",
                        "feature",
                        language.say("Search by the name of the author", "Pesquisa por nome de autor"),
                        Map.of());
            case "hq_producer show" ->
                detail(
                        "producer:shop",
                        "producer",
                        language.say("The orders of the shop", "As encomendas da loja"),
                        Map.of());
            case "hq_proposal show" -> Map.of("proposal", Map.of("summary", "x"));
            case "hq_proposal list" ->
                Map.of(
                        "items",
                        List.of(Map.of("id", "p-1", "summary", language.say("A reply to Ana", "Uma resposta à Ana"))));
            case "hq_gap list" ->
                Map.of(
                        "items",
                        List.of(
                                Map.of(
                                        "name",
                                        "gap_stale",
                                        "description",
                                        "Old things",
                                        "count",
                                        0,
                                        "worst_severity",
                                        "blocker"),
                                Map.of(
                                        "name",
                                        "gap_overdue_replies",
                                        "description",
                                        "Late replies",
                                        "count",
                                        2,
                                        "worst_severity",
                                        "nice")));
            case "hq_gap show" ->
                Map.of(
                        "name",
                        "gap_overdue_replies",
                        "items",
                        List.of(Map.of(
                                "severity",
                                "nice",
                                "title",
                                language.say("A reply to Ana is late", "Uma resposta à Ana está atrasada"))));
            case "hq_gap triage" ->
                Map.of(
                        "items",
                        List.of(Map.of(
                                "name",
                                "gap_overdue_replies",
                                "severity",
                                "nice",
                                "title",
                                language.say("A reply to Ana is late", "Uma resposta à Ana está atrasada"),
                                "slug",
                                "task:resolve-late")),
                        "made",
                        1,
                        "closed",
                        0,
                        "open",
                        1,
                        "left",
                        2);
            case "hq_examples_find " ->
                Map.of(
                        "items",
                        List.of(
                                Map.of("id", "x1", "slug", "example:good", "title", "Good", "grade", "good"),
                                Map.of("id", "x2", "slug", "example:other", "title", "Other", "grade", "bad")));
            default -> Map.of("id", "n-1", "slug", "node:n-1");
        };
    }

    private Map<String, Object> detail(String slug, String type, String title, Map<String, Object> props) {
        Map<String, Object> node = Map.of(
                "id",
                slug,
                "slug",
                slug,
                "type",
                type,
                "title",
                title,
                "version",
                3,
                "status",
                type.equals("engagement") ? "proposal" : "active",
                "props",
                props);
        Map<String, Object> about = Map.of(
                "type",
                "about",
                "direction",
                "out",
                "other",
                Map.of("id", "1", "slug", "entity:aurora", "type", "entity", "title", "Aurora"));
        return Map.of("node", node, "edges", List.of(about));
    }

    private Map<String, Object> thread() {
        String subject = language.say("Our order", "A nossa encomenda");
        return Map.of(
                "conversation", Map.of("id", "c1", "subject", subject),
                "messages", List.of(Map.of("id", "int-1", "direction", "in", "body_text", body)),
                "participants", List.of(Map.of("address", "ana@aurora.example", "name", "Ana Silva")),
                "answer",
                        Map.of(
                                "in_reply_to_interaction",
                                "int-1",
                                "to",
                                List.of("ana@aurora.example"),
                                "subject",
                                "Re: " + subject),
                "tainted", true);
    }

    /** What becomes of a pair after a model's word. */
    private static Map<String, Object> judged() {
        return reconciled(Map.of("ref", "entity:c", "into", "entity:d", "score", 0.7, "state", "asked"));
    }

    /** Pairs, and nothing else that is amiss. */
    static Map<String, Object> reconciled(Map<?, ?>... pairs) {
        return Map.of("duplicates", List.of(pairs), "edges", List.of(), "write_conflicts", List.of());
    }

    /** A pair to compare: the first of the two is of Porto, under the number 1. */
    static Map<String, Object> toJudge(String city, String phone) {
        return Map.of(
                "ref",
                "entity:c",
                "into",
                "entity:d",
                "score",
                0.7,
                "state",
                "judge",
                "records",
                List.of(
                        Map.of("name", "C", "city", "Porto", "phone", "1"),
                        Map.of("name", "D", "city", city, "phone", phone)));
    }

    /** What a reconciliation finds: a pair that is sure, one that waits, one to compare, an edge of each kind, and writes that crossed. */
    private static Map<String, Object> night() {
        return Map.of(
                "duplicates",
                List.of(
                        Map.of(
                                "ref",
                                "entity:aurora-lda",
                                "into",
                                "entity:aurora",
                                "score",
                                0.88,
                                "state",
                                "proposed",
                                "proposal_id",
                                "p-8"),
                        Map.of("ref", "entity:a", "into", "entity:b", "score", 0.6, "state", "asked"),
                        toJudge("Porto", "2")),
                "edges",
                List.of(
                        Map.of("kind", "merged", "sentence", "Rui works for Aurora Lda.", "mended", true),
                        Map.of(
                                "kind",
                                "two_primaries",
                                "sentence",
                                "Eva first of all.",
                                "mended",
                                false,
                                "asked",
                                true)),
                "write_conflicts",
                List.of(Map.of(
                        "target",
                        "n-1",
                        "title",
                        "Aurora",
                        "calls",
                        List.of("s:1:1", "t:4:1"),
                        "actors",
                        List.of("chief", "operator"))));
    }

    private static List<Map<String, Object>> hits(JsonNode arguments) {
        List<Map<String, Object>> hits = new ArrayList<>();
        String type = arguments.path("types").path(0).asText("entity");
        hits.add(Map.of("id", "1", "slug", type + ":aurora", "type", type, "title", "Aurora"));
        return hits;
    }

    private String tag() {
        return language.say("en", "pt-PT");
    }

    private static Answer done(Object data) {
        return new Answer(true, "done", "", Json.tree(data));
    }
}

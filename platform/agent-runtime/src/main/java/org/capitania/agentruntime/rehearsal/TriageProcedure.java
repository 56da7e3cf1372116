package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something came in that operator sorts: an unmapped source, an event of no known type, a feature that moved, an article, a strange figure,
 * an incident, an alert. Find the record, look whether the matter is on the list already, and put it there once. That an alert is over is noted
 * with what it was put there for: the cause may still be unknown.
 */
final class TriageProcedure implements Procedure {
    private static final Pattern IDS =
            Pattern.compile("\\s*\\(?\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b\\)?");
    private static final int LONGEST_TITLE = 200;

    /**
     * What is put on the list.
     *
     * @param name what it is about, as people call it; by it the entry is found again
     */
    record Case(String name, String title, String description, String kind, List<String> about) {}

    @Override
    public Outcome play(Play play) {
        return switch (play.type()) {
            case "feature.status_changed" -> feature(play);
            case "producer.unmapped" -> producer(play);
            case "kb.ingest.completed" -> article(play);
            case "event.unclassified" -> list(play, unclassified(play));
            case "finance.anomaly" -> list(play, anomaly(play));
            case "alert.cleared" -> cleared(play, incident(play));
            default -> list(play, incident(play));
        };
    }

    /** Where one record fits all of it the mapping is proposed, else somebody has to say. */
    private static Outcome producer(Play play) {
        String ref = play.field("slug", "producer_slug", "producer_id", "id");
        JsonNode node = ref.isEmpty()
                ? MissingNode.getInstance()
                : play.look("What sends it?", "hq_producer", Map.of("action", "show", "ref", ref))
                        .map(d -> d.path("node"))
                        .orElse(MissingNode.getInstance());
        String name = Text.name(node, Text.or(play.field("name", "title", "source"), Text.spoken(ref)));
        JsonNode hits = search(play, name, List.of("project", "entity"));
        Language l = language(play, node, name);
        String fits = hits.size() == 1 ? Text.name(hits.path(0), "") : "";
        if (!fits.isEmpty() && !ref.isEmpty()) {
            Map<String, Object> map = Map.of(
                    "action",
                    "map",
                    "ref",
                    ref,
                    "trust",
                    "external",
                    "description",
                    l.say("What it sends belongs to " + fits + ".", "O que envia pertence a " + fits + "."));
            if (play.can("hq_producer", map)) {
                return new Outcome(
                        play.tell(
                                "One record fits all of it.",
                                l.say("The mapping of the source ", "A associação da fonte ") + name,
                                "hq_producer",
                                map),
                        "a mapping proposed");
            }
        }
        return list(
                play,
                new Case(
                        name,
                        l.say("Map the source " + name, "Associar a fonte " + name),
                        l.say(
                                "The source \"" + name + "\" sends facts that belong to no project or customer yet. "
                                        + hits.size() + " records may fit. It is done when one of them is named.",
                                "A fonte «" + name
                                        + "» envia factos que ainda não pertencem a nenhum projeto ou cliente. Há "
                                        + hits.size()
                                        + " registos possíveis. Fica concluído quando um deles for indicado."),
                        "ops",
                        refs(ref, fits.isEmpty() ? "" : Text.first(hits.path(0), "slug", "id"))));
    }

    private static Case unclassified(Play play) {
        String what = plain(play.field("summary", "title", "text", "type", "event_type"));
        String from = Text.or(play.field("source", "producer", "producer_slug"), "a source");
        Language l = Language.of(what);
        String name = Text.spoken(from);
        return new Case(
                name,
                l.say("Name the kind of an event from " + name, "Classificar um evento de " + name),
                l.say(
                        "An event came in that fits no known kind: \"" + what
                                + "\" The nearest known kind is a development. "
                                + "It is done when its kind is named, or a new one is defined.",
                        "Chegou um evento que não corresponde a nenhum tipo conhecido: «" + what
                                + "» O tipo mais próximo é um "
                                + "desenvolvimento. Fica concluído quando o tipo for indicado, ou for definido um novo."),
                "ops",
                List.of());
    }

    private static Case anomaly(Play play) {
        String what = plain(play.field("summary", "detail", "description", "title"));
        String ref = play.field("entity_slug", "invoice_slug", "slug", "entity_id");
        JsonNode node = ref.isEmpty() ? MissingNode.getInstance() : describe(play, ref);
        String name = Text.name(node, Text.or(Text.spoken(ref), "the books"));
        Language l = language(play, node, what);
        String figure = play.field("amount", "value", "figure");
        return new Case(
                name,
                l.say("Check a figure of " + name, "Verificar um valor de " + name),
                l.say("The books show something unusual", "As contas mostram algo invulgar")
                        + (figure.isEmpty() ? "" : l.say(", an amount of ", ", um valor de ") + figure)
                        + l.say(
                                ": \"" + what
                                        + "\" Nothing was booked. It is done when the figure is confirmed or corrected.",
                                ": «" + what
                                        + "» Nada foi lançado. Fica concluído quando o valor for confirmado ou corrigido."),
                "finance",
                refs(ref));
    }

    private static Case incident(Play play) {
        String check = Text.or(play.field("check", "alert", "name", "title"), "a check");
        String detail = plain(play.field("detail", "summary", "description"));
        String role = play.field("role");
        Language l = Language.ofTag(play.field("language")).orElseGet(() -> Language.of(detail));
        String name = check.replace('_', ' ');
        String whose = role.isEmpty() ? "" : l.say(" of " + role, " do agente " + role);
        return new Case(
                name,
                l.say("Look into " + name + whose, "Analisar " + name + whose),
                l.say(
                        "The watchdog reports: \"" + detail + "\" It acts by itself; nothing was restarted from here. "
                                + "It is done when the cause is known.",
                        "O vigilante comunica: «" + detail + "» Ele atua sozinho; daqui nada foi reiniciado. "
                                + "Fica concluído quando a causa for conhecida."),
                "ops",
                List.of());
    }

    /** One task for the first thing that the new state needs and the feature has not. */
    private static Outcome feature(Play play) {
        String ref = play.field("slug", "id");
        String after = play.field("after");
        JsonNode shown = play.look(
                        "I look at the feature as it stands now.", "hq_feature", Map.of("action", "show", "ref", ref))
                .orElse(MissingNode.getInstance());
        JsonNode props = shown.path("node").path("props");
        String name = Text.name(shown.path("node"), Text.spoken(ref));
        Language l = Language.of(name + " "
                + props.path("description_md").asText(props.path("description").asText("")));
        boolean criteria = props.path("acceptance_criteria").size() > 0;
        Optional<String> missing = switch (after) {
            case "specified", "in_progress" ->
                criteria
                        ? Optional.empty()
                        : Optional.of(l.say("Write what counts as done for ", "Escrever quando se considera pronto: "));
            case "in_review" -> Optional.of(l.say("Review ", "Rever "));
            case "done" ->
                props.hasNonNull("released_in") ? Optional.empty() : Optional.of(l.say("Hand over ", "Entregar "));
            default -> Optional.empty();
        };
        if (missing.isEmpty()) {
            return new Outcome(name + " has what its state needs.", "nothing missing");
        }
        return list(
                play,
                new Case(
                        name,
                        missing.get() + name,
                        l.say(
                                "The feature \"" + name
                                        + "\" moved on, and this is the first thing it needs now. It is done when it is recorded with the feature.",
                                "A funcionalidade «" + name
                                        + "» avançou, e isto é a primeira coisa de que precisa. Fica concluído quando estiver registado nela."),
                        "dev",
                        refs(ref)));
    }

    /** What is new in the knowledge base is held against what is recorded. */
    private static Outcome article(Play play) {
        String title = Text.or(play.field("title", "name", "article"), Text.spoken(play.field("path", "slug")));
        JsonNode hits = search(play, title, List.of("decision", "project", "entity", "expectation"));
        if (hits.isEmpty()) {
            return new Outcome("The article \"" + title + "\" touches nothing that is recorded.", "nothing touched");
        }
        String touched = Text.name(hits.path(0), "a record");
        Language l = Language.of(title + " " + play.field("summary"));
        return list(
                play,
                new Case(
                        title,
                        l.say(
                                "Compare " + touched + " with a new article",
                                "Comparar " + touched + " com um artigo novo"),
                        l.say(
                                "The article \"" + title + "\" came into the knowledge base and speaks of \"" + touched
                                        + "\". It is done when both say the same, or the difference is named.",
                                "O artigo «" + title + "» entrou na base de conhecimento e fala de «" + touched
                                        + "». Fica concluído quando ambos disserem o mesmo, ou a diferença for indicada."),
                        "ops",
                        refs(Text.first(hits.path(0), "slug", "id"))));
    }

    /** What is on the list stays there until its cause is known; where nothing is, nothing is left to do. */
    private static Outcome cleared(Play play, Case c) {
        return onList(play, c)
                .map(task -> new Outcome(
                        note(
                                play,
                                task,
                                "That it is over is noted with the task that exists.",
                                Language.of(c.title()).say(" (over)", " (terminado)"),
                                c.description()),
                        "noted with the task that exists"))
                .orElseGet(() -> new Outcome("It is over, and nothing is on the list for it.", "nothing left to do"));
    }

    /** Puts it on the list, unless it is there: then that it came again is noted with what is there. */
    static Outcome list(Play play, Case c) {
        String title = title(c);
        Optional<JsonNode> there = onList(play, c);
        if (there.isPresent()) {
            String again = note(
                    play,
                    there.get(),
                    "The same again is noted with the task that exists.",
                    Language.of(title).say(" (once more)", " (de novo)"),
                    c.description());
            return new Outcome(
                    "\"" + title + "\" is on the list already.\n" + again, "noted with the task that exists");
        }
        String became = play.tell(
                "It needs a person or more tools than these, so it becomes one task.",
                "The task \"" + title + "\"",
                "hq_task",
                Map.of(
                        "action", "create",
                        "title", title,
                        "description", c.description(),
                        "kind", c.kind(),
                        "about", c.about()));
        return new Outcome(became, "one task on the list");
    }

    private static String title(Case c) {
        return Text.cut(c.title(), LONGEST_TITLE);
    }

    private static Optional<JsonNode> onList(Play play, Case c) {
        return play
                .look(
                        "Is it on the list already?",
                        "hq_task",
                        Map.of("action", "list", "query", Text.cut(c.name(), 200), "limit", 5))
                .map(d -> Text.each(d.path("items")))
                .stream()
                .flatMap(List::stream)
                .filter(task -> task.path("title").asText().equals(title(c)))
                .findFirst();
    }

    private static String note(Play play, JsonNode task, String say, String suffix, String body) {
        return play.tell(
                say,
                "The note",
                "hq_event_log",
                Map.of(
                        "kind",
                        "development",
                        "title",
                        Text.cut(task.path("title").asText(), 150) + suffix,
                        "body",
                        body,
                        "about",
                        List.of(Text.first(task, "slug", "id"))));
    }

    private static JsonNode search(Play play, String words, List<String> types) {
        return words.isBlank()
                ? MissingNode.getInstance()
                : play.look(
                                "I look for the record it belongs to.",
                                "hq_search",
                                Map.of("query", Text.cut(words, 200), "types", types, "limit", 5))
                        .map(d -> d.path("hits"))
                        .orElse(MissingNode.getInstance());
    }

    private static JsonNode describe(Play play, String ref) {
        return play.look("I look at the record.", "hq_describe", Map.of("ref", ref))
                .map(d -> d.path("node"))
                .orElse(MissingNode.getInstance());
    }

    private static Language language(Play play, JsonNode node, String words) {
        return Language.ofTag(Text.or(node.path("props").path("language").asText(""), play.field("language")))
                .orElseGet(() -> Language.of(words));
    }

    private static List<String> refs(String... all) {
        List<String> out = new ArrayList<>();
        for (String ref : all) {
            if (!ref.isEmpty()) {
                out.add(ref);
            }
        }
        return out;
    }

    /** Without ids, which tell a reader nothing. */
    private static String plain(String text) {
        return Text.cut(IDS.matcher(text).replaceAll(""), 1500);
    }
}

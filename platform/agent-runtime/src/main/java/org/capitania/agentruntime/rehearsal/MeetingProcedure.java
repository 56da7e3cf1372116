package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One page for the owner before a meeting with people from outside: who comes, what happened lately, what is open, what to ask. */
final class MeetingProcedure implements Procedure {

    @Override
    public Outcome play(Play play) {
        String title = Text.or(play.field("title"), "meeting");
        if (!play.type().equals("calendar.meeting_due")) {
            return new Outcome(
                    "The meeting \"" + title + "\" has changed. Its page is written within a day before it.",
                    "meeting noted");
        }
        List<JsonNode> guests = Text.each(play.event().path("guests"));
        JsonNode first = guests.isEmpty() ? MissingNode.getInstance() : guests.getFirst();
        String ref = reference(play, first, title);
        JsonNode node = ref.isEmpty()
                ? MissingNode.getInstance()
                : play.look("I look at their record.", "hq_describe", Map.of("ref", ref))
                        .map(r -> r.path("node"))
                        .orElse(MissingNode.getInstance());
        String name = Text.name(node, Text.or(Text.first(first, "name", "address"), title));
        String lately = ref.isEmpty()
                ? ""
                : Text.lines(
                        play.look("What happened with them lately?", "hq_timeline", Map.of("about", ref, "limit", 20)),
                        5);
        Optional<String> open = play.look(
                        "Facts of the graph are operator's to give.",
                        "hq_agent",
                        Map.of(
                                "action",
                                "ask",
                                "to",
                                "operator",
                                "text",
                                "What do we owe \"" + name + "\", and what do they owe us? Record: " + ref + "."))
                .flatMap(d -> AnswerProcedure.fact(d.path("reply").asText("")));
        Language l = Language.ofTag(play.field("language")).orElseGet(() -> Language.of(title));
        String when = when(play, l, "starts_at");
        String page = "# " + l.say("Meeting: ", "Reunião: ") + title + "\n\n"
                + l.say("It begins on ", "Começa a ") + when + ". "
                + (play.field("moved_from").isEmpty()
                        ? ""
                        : l.say("Before, it was to begin on ", "Antes, estava marcada para ")
                                + when(play, l, "moved_from") + ". ")
                + l.say("Who comes: ", "Quem vem: ")
                + guests.stream().map(g -> Text.first(g, "name", "address")).collect(Collectors.joining(", "))
                + ".\n\n## " + l.say("Lately", "Ultimamente") + "\n\n"
                + Text.or(lately, l.say("Nothing is recorded.\n", "Não há nada registado.\n"))
                + "\n## " + l.say("What is open", "O que está em aberto") + "\n\n"
                + open.orElse(l.say("Nothing open is recorded.", "Não há nada em aberto nos registos."))
                + "\n\n## " + l.say("Three questions", "Três perguntas") + "\n\n"
                + l.say(
                        "1. What matters most to you in the next three months?\n2. What should we do differently?\n3. Who else should know about this?\n",
                        "1. O que é mais importante para si nos próximos três meses?\n2. O que devemos fazer de outra forma?\n3. Quem mais deve saber disto?\n")
                + "\n" + l.rehearsed() + "\n";
        String headline = Text.cut(
                l.say("The page for the meeting \"", "A página para a reunião «") + title
                        + l.say("\" with ", "» com ") + name
                        + l.say(" is ready; it begins on ", " está pronta; começa a ")
                        + when + ".",
                1000);
        return new Outcome(
                BriefProcedure.write(play, page, headline, Optional.of(play.field("event_id"))),
                "meeting notes prepared");
    }

    /** The record of who comes first; empty when there is none. */
    private static String reference(Play play, JsonNode guest, String title) {
        String contact = Text.first(guest, "contact_id");
        if (!contact.isEmpty()) {
            return contact;
        }
        String query = Text.or(Text.first(guest, "name", "address"), title);
        return play.look(
                        "Who comes? I look for them.",
                        "hq_search",
                        Map.of("query", Text.cut(query, 200), "types", List.of("contact", "entity"), "limit", 3))
                .map(d -> Text.first(d.at("/hits/0"), "slug", "id"))
                .orElse("");
    }

    /** Day and time on the company's clock. */
    private static String when(Play play, Language l, String field) {
        try {
            ZonedDateTime at = Instant.parse(play.field(field)).atZone(ZoneId.of(Text.or(play.field("zone"), "UTC")));
            return l.date(at.toLocalDate().toString()) + l.say(" at ", " às ") + at.toLocalTime();
        } catch (DateTimeException e) {
            return play.field(field);
        }
    }
}

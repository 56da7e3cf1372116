package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The time of something owed has come. What we owe goes on the list once, for whoever drives it; what others owe us is brought to the owner.
 * Nobody outside gets a mail for it.
 */
final class ObligationProcedure implements Procedure {
    private static final Set<String> OVER = Set.of("resolved", "abandoned", "superseded");
    private static final int LONGEST_NAME = 150;

    @Override
    public Outcome play(Play play) {
        String ref = play.field("slug", "id");
        JsonNode found = play.look(
                        "I look at what is owed, and whether it still is.", "hq_describe", Map.of("ref", ref))
                .orElse(MissingNode.getInstance());
        JsonNode node = found.path("node");
        if (OVER.contains(node.path("status").asText())) {
            return new Outcome("What was owed is settled already.", "settled already");
        }
        String what = Text.cut(Text.name(node, Text.spoken(ref)), LONGEST_NAME);
        Language l =
                Language.ofTag(node.path("props").path("language").asText("")).orElseGet(() -> Language.of(what));
        String since = l.date(Text.day(play.field("due_at")));
        List<String> about = about(found);
        if (play.field("direction").equals("we_owe")) {
            return TriageProcedure.list(
                    play,
                    new TriageProcedure.Case(
                            what,
                            l.say("Keep our word: ", "Cumprir a nossa palavra: ") + what,
                            l.say(
                                    "We owe this since " + since + ": \"" + what
                                            + "\" It is done when it is recorded as resolved, or the other side has agreed to another day.",
                                    "Devemos isto desde " + since + ": «" + what
                                            + "» Fica concluído quando estiver registado como resolvido, ou a outra parte tiver aceitado outro dia."),
                            "ops",
                            about));
        }
        String became = Owner.tell(
                play,
                l.say("Ask for what is owed to us: ", "Pedir o que nos é devido: ") + what,
                l.say(
                        "This was owed to us by " + since + ": \"" + what
                                + "\" Nothing shows that it came. I would ask for it once, in one friendly sentence.",
                        "Isto era-nos devido até " + since + ": «" + what
                                + "» Nada mostra que tenha chegado. Eu perguntava por isso uma vez, numa frase simpática."),
                false,
                about);
        return new Outcome(became, "something owed to us brought to the owner");
    }

    /** Whom or what it concerns, as recorded. */
    private static List<String> about(JsonNode found) {
        return Text.each(found.path("edges")).stream()
                .filter(edge -> edge.path("type").asText().equals("about"))
                .map(edge -> Text.first(edge.path("other"), "slug", "id"))
                .filter(other -> !other.isEmpty())
                .limit(3)
                .toList();
    }
}

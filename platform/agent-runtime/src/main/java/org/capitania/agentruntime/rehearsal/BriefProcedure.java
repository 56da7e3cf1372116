package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;

/** The owner's brief in the morning, from the facts of the day: a memo, and a few words to the owner. */
final class BriefProcedure implements Procedure {
    private static final Map<String, Object> FACTS = Map.of("action", "facts");

    @Override
    public Outcome play(Play play) {
        if (!play.can("hq_brief", FACTS)) {
            return new Outcome("The brief: left out, hq_brief is not one of the tools here.", "no brief");
        }
        Made facts = play.act("What are the figures of the day?", "hq_brief", FACTS);
        if (!facts.ok()) {
            return new Outcome(Play.became("The facts of the brief", facts), "no brief: " + facts.code());
        }
        JsonNode day = facts.data();
        Language l = Language.ofTag(Text.first(day, "language")).orElse(Language.ENGLISH);
        BriefPage page = new BriefPage(l, day);
        String became = write(play, page.text(), page.headline(), Optional.empty());
        return new Outcome(page.text() + "\n" + became, "morning brief");
    }

    /** Keeps a page as a memo and has the owner told; with an event it is the note for that meeting. */
    static String write(Play play, String text, String headline, Optional<String> event) {
        Map<String, Object> memo = event.<Map<String, Object>>map(
                        id -> Map.of("action", "write", "text", text, "headline", headline, "event", id))
                .orElseGet(() -> Map.of("action", "write", "text", text, "headline", headline));
        return play.tell("I keep it, and the owner is told.", "The page for the owner", "hq_brief", memo);
    }
}

package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.rehearsal.Scene.Seen;
import org.capitania.contract.Json;

/** Takes note of what needs no act of ours, such as the outcome of a proposal, and ends. */
final class NotesProcedure implements Procedure {
    @Override
    public Outcome play(Play play) {
        String note = note(play);
        return new Outcome(note, "noted: " + Text.cut(note, 120));
    }

    private static String note(Play play) {
        if (play.type().startsWith("proposal.")) {
            String reason = play.field("reason");
            return "Proposal " + play.field("proposal_id") + " is "
                    + play.type().substring("proposal.".length()) + (reason.isBlank() ? "." : ": " + reason);
        }
        if (play.type().equals("agent.message")) {
            return play.actor() + " wrote: " + play.field("text");
        }
        return play.type() + " came in; the rehearsal model has no procedure for it.";
    }

    /** What the session leaves behind, in the form the loop asks for. */
    static String snapshot(Scene scene) {
        ObjectNode out = Json.MAPPER.createObjectNode();
        List<String> acts =
                scene.made().stream().map(m -> m.tool() + " " + m.status()).toList();
        out.put("summary", "Rehearsal: " + (acts.isEmpty() ? "took note, did nothing" : String.join(", ", acts)) + ".");
        out.put("memo", memo(scene));
        ArrayNode memories = out.putArray("memories");
        for (Seen seen : scene.seen()) {
            String reason = seen.item().data().path("reason").asText("");
            if (seen.item().type().equals("proposal.rejected") && !reason.isBlank()) {
                memories.addObject()
                        .put("kind", "anti_pattern")
                        .put("body", "The owner rejected a draft: " + reason)
                        .put("salience", 0.7);
            }
        }
        out.put("none", memories.isEmpty() ? "the rehearsal model draws no conclusions" : "");
        return out.toString();
    }

    private static String memo(Scene scene) {
        List<String> lines = new ArrayList<>();
        scene.made().forEach(m -> {
            String proposal = m.data().path("proposal_id").asText("");
            lines.add("- " + m.tool() + ": " + m.status() + (proposal.isEmpty() ? "" : ", proposal " + proposal));
        });
        return "Written by the rehearsal model from what it did.\n" + String.join("\n", lines);
    }
}

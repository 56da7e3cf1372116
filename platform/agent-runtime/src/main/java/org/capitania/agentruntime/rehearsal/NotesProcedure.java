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
    public Move next(Scene scene) {
        List<String> notes = new ArrayList<>();
        scene.seen().forEach(s -> notes.add(note(s)));
        String first = notes.isEmpty() ? "nothing came in" : notes.getFirst();
        return Move.done(
                String.join("\n", notes), "noted: " + (first.length() > 120 ? first.substring(0, 120) : first));
    }

    private static String note(Seen seen) {
        var item = seen.item();
        if (item.type().startsWith("proposal.")) {
            String what = item.type().substring("proposal.".length());
            String reason = item.data().path("reason").asText("");
            return "Proposal " + item.data().path("proposal_id").asText("") + " is " + what
                    + (reason.isBlank() ? "." : ": " + reason);
        }
        if (item.type().equals("agent.message")) {
            return item.actor() + " wrote: " + item.data().path("text").asText("");
        }
        return item.type() + " came in; the rehearsal model has no procedure for it.";
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

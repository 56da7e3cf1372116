package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.agentruntime.rehearsal.Scene.Made;
import org.capitania.agentruntime.rehearsal.Scene.Seen;

/**
 * One procedure being played for one thing that came in. Its text runs from the top at every turn: an act that was made before answers at
 * once with its result, as the transcript has it, and the first that was not ends the turn. So a procedure keeps nothing between turns.
 */
final class Play {
    /** The gateway's word for a text that it asks to be written more plainly; the second time it lets it pass. */
    static final String PLAINER = "plain_language";

    private final Scene scene;
    private final Seen about;
    private final Paths paths;
    private final String company;

    Play(Scene scene, Seen about, Paths paths, String company) {
        this.scene = scene;
        this.about = about;
        this.paths = paths;
        this.company = company;
    }

    /** The same for a later thing that came in. */
    Play about(Seen later) {
        return new Play(scene, later, paths, company);
    }

    Scene scene() {
        return scene;
    }

    /** Its place in the transcript. */
    int at() {
        return about.at();
    }

    String type() {
        return about.item().type();
    }

    String actor() {
        return about.item().actor();
    }

    /** The event's subject; empty when it has none. */
    String subject() {
        String subject = about.item().subject();
        return subject == null ? "" : subject;
    }

    JsonNode event() {
        return about.item().data();
    }

    /** The first of these fields of the event that says something. */
    String field(String... names) {
        return Text.first(event(), names);
    }

    Paths paths() {
        return paths;
    }

    String company() {
        return company;
    }

    boolean can(String tool, Map<String, ?> arguments) {
        return scene.has(tool, arguments.get("action") instanceof String action ? action : "");
    }

    /** Makes a call, or tells what came of it when it was made since this came in. */
    Made act(String says, String tool, Map<String, ?> arguments) {
        List<Made> before = scene.made(tool, arguments, about.at());
        if (before.isEmpty()) {
            throw new Turn(new Move.Call(says, tool, arguments));
        }
        Made last = before.getLast();
        if (last.code().equals(PLAINER) && before.size() == 1) {
            throw new Turn(new Move.Call("I have no plainer words, so I send the same.", tool, arguments));
        }
        return last;
    }

    /** What a call came to where the tool is there and did what was asked. */
    Optional<JsonNode> look(String says, String tool, Map<String, ?> arguments) {
        return can(tool, arguments)
                ? Optional.of(act(says, tool, arguments)).filter(Made::ok).map(Made::data)
                : Optional.empty();
    }

    /** Makes a call where the tool is there, and says in one sentence what became of it. */
    String tell(String says, String what, String tool, Map<String, ?> arguments) {
        return can(tool, arguments)
                ? became(what, act(says, tool, arguments))
                : what + ": left out, " + tool + " is not one of the tools here.";
    }

    /** What became of an act, from its result alone. */
    static String became(String what, Made made) {
        if (!made.ok()) {
            return what + ": not done, " + made.code() + (made.problem().isBlank() ? "." : ", " + made.problem());
        }
        String proposal = made.data().path("proposal_id").asText("");
        if (made.status().equals("proposed") || !proposal.isEmpty()) {
            return what + ": waits for the owner" + (proposal.isEmpty() ? "." : " as proposal " + proposal + ".");
        }
        return what + ": done.";
    }

    /** The turn ends here. Not an error: the way back to the model from any depth of a procedure. */
    static final class Turn extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Move move;

        Turn(Move move) {
            super(null, null, false, false);
            this.move = move;
        }

        Move move() {
            return move;
        }
    }
}

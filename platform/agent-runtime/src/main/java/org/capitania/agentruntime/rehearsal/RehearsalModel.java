package org.capitania.agentruntime.rehearsal;

import java.util.List;
import java.util.function.UnaryOperator;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.model.ModelRequest.Purpose;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Usage;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;

/**
 * Not a language model: plays the agents' standard procedures from the events and results it sees, the same every time, without a
 * network and at cost 0. It says so in everything it writes for people.
 */
public final class RehearsalModel implements Model {
    /** Its name wherever a model is named. */
    public static final String NAME = "rehearsal";

    private final RehearsalJournal journal;
    private final UnaryOperator<String> companies;
    private final Procedure answers = new AnswerProcedure();
    private final Procedure notes = new NotesProcedure();

    /**
     * Plays for every tenant.
     *
     * @param companies the name by which a tenant signs
     */
    public RehearsalModel(UnaryOperator<String> companies, RehearsalJournal journal) {
        this.companies = companies;
        this.journal = journal;
    }

    @Override
    public String provider() {
        return NAME;
    }

    @Override
    public Reply reply(ModelRequest request) {
        try {
            journal.turn(request);
        } catch (CapitaniaException e) {
            throw new ModelFailure(e);
        }
        Scene scene = new Scene(request.transcript(), request.tools());
        Move move = request.purpose() == Purpose.SNAPSHOT
                ? new Move.Say(NotesProcedure.snapshot(scene))
                : procedure(request, scene).next(scene);
        return switch (move) {
            case Move.Say(String text) -> new Reply(text, List.of(), Finish.STOP, Usage.NONE, NAME);
            case Move.Call(String says, String tool, var arguments) ->
                new Reply(
                        "[rehearsal] " + says,
                        List.of(new ToolCall("rehearsal_" + request.turn() + "_1", tool, Json.write(arguments))),
                        Finish.TOOLS,
                        Usage.NONE,
                        NAME);
        };
    }

    private Procedure procedure(ModelRequest request, Scene scene) {
        boolean asked = request.transcript()
                .opened()
                .filter(o -> o.purpose() == SessionEntry.Purpose.ASK)
                .isPresent();
        if (asked) {
            return answers;
        }
        return scene.mails().isEmpty()
                ? notes
                : new MailProcedure(companies.apply(request.ticket().tenant()));
    }
}

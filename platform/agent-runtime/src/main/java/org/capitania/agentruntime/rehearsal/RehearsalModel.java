package org.capitania.agentruntime.rehearsal;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.model.ModelRequest.Purpose;
import org.capitania.agentruntime.model.Words;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;

/**
 * Not a language model: plays the agents' standard procedures from the events and results it sees, the same every time for the same seed,
 * without a network and at cost 0. What it says was done is read from results alone. It says what it is in everything it writes for people.
 */
public final class RehearsalModel implements Model {
    /** Its name wherever a model is named. */
    public static final String NAME = "rehearsal";

    private final RehearsalJournal journal;
    private final UnaryOperator<String> companies;
    private final long seed;
    private final Faults faults;
    private final RehearsedUsage usage = new RehearsedUsage();

    /**
     * Plays for every tenant.
     *
     * @param companies the name by which a tenant signs
     * @param words what it does badly, see {@link RehearsalConfig#faults()}
     */
    public RehearsalModel(UnaryOperator<String> companies, RehearsalJournal journal, long seed, List<String> words) {
        this.companies = companies;
        this.journal = journal;
        this.seed = seed;
        this.faults = Faults.of(words);
    }

    @Override
    public String provider() {
        return NAME;
    }

    @Override
    public Reply reply(ModelRequest request) {
        return reply(request, Words.UNHEARD);
    }

    @Override
    public Reply reply(ModelRequest request, Words words) {
        try {
            journal.turn(request);
        } catch (CapitaniaException e) {
            throw new ModelFailure(e);
        }
        Scene scene = new Scene(request.transcript(), request.tools());
        if (request.purpose() == Purpose.SNAPSHOT) {
            return reply(request, NotesProcedure.snapshot(scene), List.of(), Finish.STOP);
        }
        Reply reply = faults.spoil(play(request, scene), request.transcript());
        faults.say(reply.text(), word -> words.said(request.callId(), word));
        return reply;
    }

    private Reply play(ModelRequest request, Scene scene) {
        Optional<Opened> opened = request.transcript().opened();
        SessionEntry.Purpose purpose = opened.map(Opened::purpose).orElse(SessionEntry.Purpose.TASK);
        Paths paths = new Paths(seed, request.ticket().taskId());
        String company = companies.apply(request.ticket().tenant());
        Move move = purpose == SessionEntry.Purpose.SUBAGENT
                ? Procedures.started(opened.orElseThrow().header(), scene, paths, company)
                : Procedures.next(scene, purpose == SessionEntry.Purpose.ASK, paths, company);
        return switch (move) {
            case Move.Say(String text) -> reply(request, text, List.of(), Finish.STOP);
            case Move.Call(String says, String tool, var arguments) ->
                reply(
                        request,
                        "[rehearsal] " + says,
                        List.of(new ToolCall("rehearsal_" + request.turn() + "_1", tool, Json.write(arguments))),
                        Finish.TOOLS);
        };
    }

    private Reply reply(ModelRequest request, String text, List<ToolCall> calls, Finish finish) {
        return new Reply(text, calls, finish, usage.of(request, text, calls), NAME);
    }
}

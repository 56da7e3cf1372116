package org.capitania.agentruntime.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Usage;

/** Plays a script by turn; asked for the same turn again it says the same again. */
final class ScriptedModel implements Model {
    private final Function<ModelRequest, Reply> script;
    final List<String> callIds = new CopyOnWriteArrayList<>();

    ScriptedModel(Function<ModelRequest, Reply> script) {
        this.script = script;
    }

    static ScriptedModel of(Reply... replies) {
        return new ScriptedModel(request -> request.purpose() == ModelRequest.Purpose.SNAPSHOT
                ? words("""
                        {"summary":"did it","memo":"nothing open","memories":[{"kind":"fact","body":"Ana likes short mails","salience":0.8}]}""")
                : replies[Math.min(request.turn(), replies.length - 1)]);
    }

    @Override
    public String provider() {
        return "scripted";
    }

    @Override
    public Reply reply(ModelRequest request) {
        callIds.add(request.callId());
        return script.apply(request);
    }

    static Reply words(String text) {
        return new Reply(text, List.of(), Finish.STOP, new Usage(100, 10, 0, 0), "scripted-1");
    }

    static Reply done(String reason) {
        return words("Done.\n<task-complete reason=\"" + reason + "\"/>");
    }

    /** Calls given as {@code tool} and arguments, one after the other. */
    static Reply calls(String... toolsAndArguments) {
        return calls(Finish.TOOLS, "", toolsAndArguments);
    }

    static Reply calls(Finish finish, String text, String... toolsAndArguments) {
        List<ToolCall> calls = new ArrayList<>();
        for (int i = 0; i < toolsAndArguments.length; i += 2) {
            calls.add(new ToolCall("toolu_" + (i / 2 + 1), toolsAndArguments[i], toolsAndArguments[i + 1]));
        }
        return new Reply(text, calls, finish, new Usage(100, 20, 0, 0), "scripted-1");
    }
}

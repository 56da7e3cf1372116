package org.capitania.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.capitania.agentruntime.loop.Situations;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.transcript.Usage;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.agentruntime.workspace.WorkspaceFiles;
import org.capitania.agentruntime.workspace.WorkspaceParser;
import org.capitania.contract.Json;

/**
 * Which model a turn uses, evaluated by an agent's own code from its own workspace, in a process with that agent's jars and flags. The conversation is as long
 * as they get: 200,000 tokens in a hundred turns, with two hundred events whose words nearly fit a rule, so that each rule is looked at to its end.
 */
final class PolicyMain {
    private static final int EVENTS = 200;
    private static final int TURNS = 100;
    private static final int CALLS = 4;
    private static final List<String> WORDS = List.of(
            "the",
            "contrac",
            "of",
            "propos",
            "schema",
            "migratio",
            "order",
            "adrift",
            "livro",
            "propost",
            "entrega",
            "mill",
            "press");

    private final Random random = new Random(20261122);

    private PolicyMain() {}

    /** @param args the role, and how often; prints a line with the nanoseconds of each */
    public static void main(String[] args) {
        Workspace workspace =
                WorkspaceParser.parse(args[0], WorkspaceFiles.onClassPath(PolicyMain.class.getClassLoader()));
        int runs = Integer.parseInt(args[1]);
        Transcript transcript = new PolicyMain().conversation(workspace);
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            var choice = workspace.models().choose(Situations.of(transcript, Purpose.TASK));
            long nanos = System.nanoTime() - start;
            if (choice.mandatory()) {
                throw new IllegalStateException("a rule fits before the last was looked at: " + choice);
            }
            System.out.println(nanos);
        }
    }

    private Transcript conversation(Workspace workspace) {
        List<SessionEntry> entries = new ArrayList<>();
        entries.add(new Opened(
                Purpose.TASK, workspace.role(), "bench", workspace.version(), workspace.systemPrompt(), "", List.of()));
        List<Incoming> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            ObjectNode data =
                    Json.MAPPER.createObjectNode().put("text", text(100)).put("conversation_id", "c-" + i);
            events.add(new Incoming("e-" + i, "owner.dm", "user:owner", "s-" + i, Instant.EPOCH, false, data));
        }
        entries.add(new Received(events));
        for (int turn = 0; turn < TURNS; turn++) {
            entries.add(new Asked(turn, 1, "bench:" + turn, ModelClass.SONNET));
            entries.add(new Replied(turn, reply(turn)));
            for (int ordinal = 1; ordinal <= CALLS && turn < TURNS - 1; ordinal++) {
                entries.add(new Returned(
                        turn,
                        ordinal,
                        "bench:" + turn + ":" + ordinal,
                        "hq_search",
                        true,
                        true,
                        "done",
                        null,
                        Json.MAPPER.createObjectNode().put("text", text(250))));
            }
        }
        return new Transcript("bench", entries);
    }

    /** Two steps of a plan, which are one too few, and calls that no rule names. */
    private Reply reply(int turn) {
        List<ToolCall> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            String arguments = Json.write(
                    Json.MAPPER.createObjectNode().put("query", text(1000)).put("path", "wiki/" + turn));
            calls.add(new ToolCall("id-" + turn + "-" + i, "hq_search", arguments));
        }
        String plan = "1. " + text(500) + "\n2. " + text(500) + "\n";
        return new Reply(plan, calls, Reply.Finish.TOOLS, Usage.NONE, "bench");
    }

    private String text(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(i % 12 == 11 ? '\n' : ' ');
        }
        return text.toString();
    }
}

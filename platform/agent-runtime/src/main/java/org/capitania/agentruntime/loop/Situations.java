package org.capitania.agentruntime.loop;

import java.util.List;
import java.util.stream.Collectors;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Received;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelPolicy.Situation;

/** What a transcript is about, for the model policy. */
final class Situations {
    private Situations() {}

    static Situation of(Transcript transcript, Purpose purpose) {
        List<Incoming> items = transcript.all(Received.class).stream()
                .flatMap(r -> r.items().stream())
                .toList();
        return new Situation(
                purpose == Purpose.ASK ? "ask" : "task",
                items.stream().map(Incoming::type).distinct().toList(),
                items.stream().map(i -> i.data().toString()).collect(Collectors.joining("\n")));
    }

    static Situation snapshot() {
        return new Situation("snapshot", List.of(), "");
    }
}

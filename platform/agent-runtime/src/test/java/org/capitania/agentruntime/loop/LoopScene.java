package org.capitania.agentruntime.loop;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.SessionEntry.Closed;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.Budget;
import org.capitania.agentruntime.workspace.Lifecycle;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.agentruntime.workspace.ModelPolicy;
import org.capitania.agentruntime.workspace.Permissions;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.Json;
import org.capitania.contract.api.SessionOpen.Trigger;

/** A loop with everything around it played by the test; the events of its task are in {@code feed}, how it ended in {@code told}. */
final class LoopScene {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
    static final Ticket TICKET = new Ticket("main", "chief", "s1", "t1", "r1", 7);

    final FakeGateway gateway = new FakeGateway();
    final FakeSessionStore store = new FakeSessionStore();
    final FakeLease lease = new FakeLease();
    final List<Incoming> feed = new ArrayList<>(List.of(event("e1")));
    final List<String> told = new ArrayList<>();
    boolean rotated;

    List<Returned> returned() {
        return new Transcript("s1", store.entries(TICKET)).all(Returned.class);
    }

    Closed closed() {
        return new Transcript("s1", store.entries(TICKET)).all(Closed.class).getLast();
    }

    TaskEnd run(Model model, Purpose purpose) {
        return loop(model, gateway, store).run(TICKET, assignment(purpose), lease);
    }

    static TaskLoop loop(Model model, Gateway gateway, SessionStore store) {
        Workspace workspace = workspace(100_000, 6);
        return new TaskLoop(tenant -> workspace, model, gateway, store, Duration.ofMinutes(1), CLOCK);
    }

    Assignment assignment(Purpose purpose) {
        return new Assignment(
                purpose,
                new Trigger("email.received", null, null, true, "a mail"),
                () -> List.copyOf(feed),
                () -> rotated,
                (transcript, ended) -> told.add(Json.tree(ended.ending()).asText()));
    }

    static ScriptedModel failing(ModelFailure failure) {
        return new ScriptedModel(request -> {
            throw failure;
        });
    }

    static Incoming event(String id) {
        return new Incoming(
                id,
                "email.received",
                "worker:email_ingest",
                null,
                Instant.parse("2026-11-21T10:00:00Z"),
                true,
                Json.MAPPER.createObjectNode().put("conversation_id", "c1"));
    }

    static Workspace workspace(long tokens, int turns) {
        return workspace(tokens, turns, ModelClass.SONNET);
    }

    static Workspace workspace(long tokens, int turns, ModelClass model) {
        return new Workspace(
                "chief",
                "d",
                "Example",
                new ModelPolicy(List.of(), model),
                List.of(),
                List.of("read"),
                List.of(),
                new Budget(BigDecimal.ONE, BigDecimal.TEN, tokens, turns, 12, 10),
                new Permissions(java.util.Set.of("read"), List.of()),
                new Lifecycle(Duration.ofSeconds(90), 4, 1),
                "prompt",
                "v1",
                List.of());
    }
}

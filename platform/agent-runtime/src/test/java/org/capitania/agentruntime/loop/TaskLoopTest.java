package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;
import static org.capitania.agentruntime.loop.ScriptedModel.words;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.capitania.agentruntime.loop.FakeSessionStore.Killed;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelFailure;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.Budget;
import org.capitania.agentruntime.workspace.Lifecycle;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.agentruntime.workspace.ModelPolicy;
import org.capitania.agentruntime.workspace.Permissions;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.SessionOpen.Trigger;
import org.junit.jupiter.api.Test;

class TaskLoopTest {
    private static final Ticket TICKET = new Ticket("main", "chief", "s1", "t1", "r1", 7);

    private final FakeGateway gateway = new FakeGateway();
    private final FakeSessionStore store = new FakeSessionStore();
    private final FakeLease lease = new FakeLease();
    private final List<Incoming> feed = new ArrayList<>(List.of(event("e1")));
    private final List<String> told = new ArrayList<>();

    @Test
    void shouldNumberCallsAndCloseOnceWhenTaskGoesThrough() {
        ScriptedModel model = ScriptedModel.of(
                calls("read", "{\"n\":1}", "read", "{\"n\":2}"),
                calls("email_send", "{\"to\":\"a\"}"),
                done("answered"));

        TaskEnd end = run(model, Purpose.TASK);

        assertThat(end).isEqualTo(new TaskEnd(Ending.FINISHED, "task_complete", "answered"));
        assertThat(gateway.effects.keySet()).containsExactly("s1:0:1", "s1:0:2", "s1:1:1");
        assertThat(model.callIds).containsExactly("s1:0:model", "s1:1:model", "s1:2:model", "s1:3:model");
        assertThat(gateway.closed.get("s1").memories())
                .containsExactly(new Snapshot.Memory("fact", "Ana likes short mails", 0.8));
        assertThat(told).containsExactly("finished");
        gateway.requests.clear();

        assertThat(run(model, Purpose.TASK)).isEqualTo(end);
        assertThat(gateway.requests).as("a finished session asks nobody again").isEmpty();
        assertThat(model.callIds).hasSize(4);
    }

    /** The heart of it: whatever append the process dies at, before or after it is written, the resumed run has the same calls and effects. */
    @Test
    void shouldRepeatNoEffectWhenKilledAtEveryStep() {
        for (long seed = 1; seed <= 40; seed++) {
            List<Reply> script = randomScript(new Random(seed));
            FakeGateway calm = new FakeGateway();
            FakeSessionStore calmStore = new FakeSessionStore();
            calmStore.killAt(Integer.MAX_VALUE, false);
            TaskEnd expected = loop(scripted(script), calm, calmStore).run(TICKET, assignment(Purpose.TASK), lease);
            int appends = calmStore.appends();
            for (int at = 1; at <= appends; at++) {
                for (boolean afterWrite : new boolean[] {false, true}) {
                    String where = "seed " + seed + ", killed " + (afterWrite ? "after" : "before") + " append " + at;
                    FakeGateway stormy = new FakeGateway();
                    FakeSessionStore stormyStore = new FakeSessionStore();
                    stormyStore.killAt(at, afterWrite);
                    assertThatThrownBy(() -> loop(scripted(script), stormy, stormyStore)
                                    .run(TICKET, assignment(Purpose.TASK), lease))
                            .as(where)
                            .isInstanceOf(Killed.class);
                    stormyStore.killAt(Integer.MAX_VALUE, false);

                    TaskEnd end =
                            loop(scripted(script), stormy, stormyStore).run(TICKET, assignment(Purpose.TASK), lease);

                    assertThat(end).as(where).isEqualTo(expected);
                    assertThat(stormy.effects).as(where).containsExactlyEntriesOf(calm.effects);
                    assertThat(stormy.closed).as(where).isEqualTo(calm.closed);
                }
            }
        }
    }

    @Test
    void shouldSurviveManyKillsWhenTheyComeOneAfterTheOther() {
        Random random = new Random(4711);
        List<Reply> script = randomScript(random);
        TaskEnd end = null;
        for (int life = 0; end == null && life < 200; life++) {
            store.killAt(1 + random.nextInt(2), random.nextBoolean());
            try {
                end = loop(scripted(script), gateway, store).run(TICKET, assignment(Purpose.TASK), lease);
            } catch (Killed expected) {
                assertThat(gateway.closed.size()).isLessThanOrEqualTo(1);
            }
        }

        assertThat(end).as("seed 4711").isNotNull();
        FakeGateway calm = new FakeGateway();
        loop(scripted(script), calm, new FakeSessionStore()).run(TICKET, assignment(Purpose.TASK), lease);
        assertThat(gateway.effects).as("seed 4711").containsExactlyEntriesOf(calm.effects);
    }

    @Test
    void shouldIgnoreSentinelWhenToolCallIsPendingInSameReply() {
        Reply both = calls(Finish.TOOLS, "<task-complete reason=\"too early\"/>", "write", "{}");

        TaskEnd end = run(ScriptedModel.of(both, done("now")), Purpose.TASK);

        assertThat(end.reason()).isEqualTo("now");
        assertThat(gateway.effects).hasSize(1);
    }

    @Test
    void shouldNotExecuteAndTellModelWhenToolCallWasCutOff() {
        Reply cut = calls(Finish.LENGTH, "", "email_send", "{\"body_text\":\"Dear An");

        TaskEnd end =
                run(ScriptedModel.of(cut, calls("write", "not json"), calls("rm", "{}"), done("ok")), Purpose.TASK);

        assertThat(end.ending()).isEqualTo(Ending.FINISHED);
        assertThat(gateway.effects).isEmpty();
        assertThat(returned())
                .extracting(Returned::code)
                .containsExactly("cut_off", "invalid_arguments", "unknown_tool");
        assertThat(returned()).noneMatch(Returned::executed);
    }

    @Test
    void shouldStopWhenTheSameCallComesTheFifthTime() {
        ScriptedModel model = ScriptedModel.of(calls("read", "{\"b\":1,\"a\":2}", "read", "{\"a\":2,\"b\":1}"));

        TaskEnd end = run(model, Purpose.TASK);

        assertThat(end.code()).isEqualTo("loop_stopped");
        assertThat(gateway.effects).as("four were made, the fifth was not").hasSize(4);
        assertThat(gateway.closed.get("s1").memories()).isEmpty();
        assertThat(gateway.closed.get("s1").none()).isNotBlank();
    }

    @Test
    void shouldFailWhenTurnsRunOut() {
        ScriptedModel model = new ScriptedModel(request -> calls("read", "{\"n\":" + request.turn() + "}"));

        TaskEnd end = run(model, Purpose.TASK);

        assertThat(end).isEqualTo(new TaskEnd(Ending.FAILED, "max_turns", "stopped after 6 turns without a sentinel"));
        assertThat(model.callIds).hasSize(6);
    }

    @Test
    void shouldRemindOnceThenFailWhenSentinelNeverComes() {
        ScriptedModel model = ScriptedModel.of(words("I think that is all."));

        TaskEnd end = run(model, Purpose.TASK);

        assertThat(end.code()).isEqualTo("no_sentinel");
        assertThat(model.callIds).hasSize(2);
        assertThat(told).containsExactly("failed");
    }

    @Test
    void shouldGoOnWhenReminderHelped() {
        assertThat(run(ScriptedModel.of(words("That is all."), done("read it")), Purpose.TASK))
                .isEqualTo(new TaskEnd(Ending.FINISHED, "task_complete", "read it"));
    }

    @Test
    void shouldFreezeBeforeTheCallWhenACapWouldBePassed() {
        ScriptedModel model = new ScriptedModel(request -> calls("read", "{\"n\":" + request.turn() + "}"));
        TaskLoop loop = new TaskLoop(
                workspace(300, 20),
                model,
                gateway,
                store,
                new Caps(workspace(300, 20).budget(), t -> 0),
                Duration.ofMinutes(1));

        TaskEnd end = loop.run(TICKET, assignment(Purpose.TASK), lease);

        assertThat(end.ending()).isEqualTo(Ending.FROZEN);
        assertThat(end.code()).isEqualTo("budget_exhausted");
        assertThat(model.callIds)
                .as("240 of 300 used; a third turn of 120 would pass the cap")
                .hasSize(2);
    }

    @Test
    void shouldFreezeWhenLargeModelHasHadItsTurns() {
        Workspace workspace = workspace(100_000, 20, ModelClass.OPUS);
        ScriptedModel model = ScriptedModel.of(done("never"));
        TaskLoop loop = new TaskLoop(
                workspace, model, gateway, store, new Caps(workspace.budget(), t -> 12), Duration.ofMinutes(1));

        assertThat(loop.run(TICKET, assignment(Purpose.TASK), lease).code()).isEqualTo("budget_exhausted");
        assertThat(model.callIds).isEmpty();
    }

    @Test
    void shouldFreezeWhenGatewayRefusesTheModelCallForItsBudget() {
        ScriptedModel model =
                failing(new ModelFailure(new CapitaniaException(ErrorCode.BUDGET_EXHAUSTED, "over the cap")));

        assertThat(run(model, Purpose.TASK)).isEqualTo(new TaskEnd(Ending.FROZEN, "budget_exhausted", "over the cap"));
    }

    @Test
    void shouldFailWithTypedReasonWhenProviderRefusesSignIn() {
        ScriptedModel model = failing(new ModelFailure(ModelFailure.Kind.SIGN_IN, "401", null, null));

        TaskEnd end = run(model, Purpose.TASK);

        assertThat(end.code()).isEqualTo("provider_sign_in");
        assertThat(model.callIds).as("nothing is tried again").hasSize(1);
    }

    @Test
    void shouldLeaveSessionAtItsStepWhenPaused() {
        ScriptedModel model = failing(new ModelFailure(new CapitaniaException(ErrorCode.AGENT_PAUSED, "paused")));

        assertThatThrownBy(() -> run(model, Purpose.TASK))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(RunInterrupted.Cause.PAUSED));
        assertThat(gateway.closed).isEmpty();
        assertThat(told).isEmpty();

        ScriptedModel resumed = ScriptedModel.of(done("later"));
        assertThat(run(resumed, Purpose.TASK).reason()).isEqualTo("later");
        assertThat(resumed.callIds)
                .as("a provider may have charged the first attempt")
                .startsWith("s1:0:model.2");
    }

    @Test
    void shouldMakeNoFurtherCallWhenLeaseIsLost() {
        for (int checks = 0; checks < 12; checks++) {
            FakeGateway fresh = new FakeGateway();
            FakeLease lost = new FakeLease();
            lost.loseAfter(checks);
            ScriptedModel model = ScriptedModel.of(calls("read", "{}"), calls("write", "{}"), done("x"));

            assertThatThrownBy(() ->
                            loop(model, fresh, new FakeSessionStore()).run(TICKET, assignment(Purpose.TASK), lost))
                    .isInstanceOf(RunInterrupted.class);

            assertThat(fresh.closed).isEmpty();
            int requests = fresh.requests.size() + model.callIds.size();
            assertThat(requests).as("after %d checks", checks).isLessThanOrEqualTo(checks);
        }
    }

    @Test
    void shouldStopWhenGatewayFencesTheCall() {
        gateway.answering((tool, arguments) -> FakeGateway.refused(tool, "fenced"));
        ScriptedModel model = ScriptedModel.of(calls("write", "{}"), done("x"));

        assertThatThrownBy(() -> run(model, Purpose.TASK))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(RunInterrupted.Cause.LOST));
        assertThat(gateway.requests).containsExactly("tools", "open", "call s1:0:1");
    }

    @Test
    void shouldStopWhenAnotherRunWritesTheSession() {
        ScriptedModel model = new ScriptedModel(request -> {
            store.append(TICKET, store.entries(TICKET).size(), List.of(new SessionEntry.Reminded(0, "me too")));
            return done("x");
        });

        assertThatThrownBy(() -> run(model, Purpose.TASK)).isInstanceOf(RunInterrupted.class);
        assertThat(gateway.closed).isEmpty();
    }

    @Test
    void shouldAskAgainWithTheSameIdWhenGatewayIsAway() {
        CapitaniaException away = new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "away");
        gateway.failing(away, away);

        TaskEnd end = run(ScriptedModel.of(calls("write", "{}"), done("x")), Purpose.TASK);

        assertThat(end.ending()).isEqualTo(Ending.FINISHED);
        assertThat(lease.pauses).hasSize(2);
        assertThat(gateway.effects).hasSize(1);
    }

    @Test
    void shouldGiveUpTheRunButNotTheSessionWhenGatewayStaysAway() {
        CapitaniaException away = new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "away");
        for (int i = 0; i < 100; i++) {
            gateway.failing(away);
        }

        assertThatThrownBy(() -> run(ScriptedModel.of(done("x")), Purpose.TASK))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(RunInterrupted.Cause.UNAVAILABLE));
    }

    @Test
    void shouldShowLateEventBetweenTurnsEvenAfterTheSentinel() {
        ScriptedModel model = new ScriptedModel(request -> {
            if (request.purpose() == ModelRequest.Purpose.SNAPSHOT) {
                return words("no json");
            }
            if (request.turn() == 0) {
                feed.add(event("e2"));
            }
            return done(
                    "turn " + request.turn() + " saw " + request.transcript().received());
        });

        TaskEnd end = run(model, Purpose.TASK);

        assertThat(end.reason()).isEqualTo("turn 1 saw [e1, e2]");
        assertThat(gateway.closed.get("s1").none()).isEqualTo("the model wrote no snapshot we can read");
    }

    @Test
    void shouldOfferReadToolsOnlyWhenAnswering() {
        List<List<String>> offered = new ArrayList<>();
        ScriptedModel model = new ScriptedModel(request -> {
            offered.add(request.tools().stream().map(t -> t.name()).toList());
            return request.turn() == 0 ? calls("write", "{}") : done("answered");
        });

        run(model, Purpose.ASK);

        assertThat(offered).containsOnly(List.of("read"));
        assertThat(gateway.effects).isEmpty();
    }

    private List<Returned> returned() {
        return new Transcript("s1", store.entries(TICKET)).all(Returned.class);
    }

    private TaskEnd run(Model model, Purpose purpose) {
        return loop(model, gateway, store).run(TICKET, assignment(purpose), lease);
    }

    private static TaskLoop loop(Model model, Gateway gateway, SessionStore store) {
        Workspace workspace = workspace(100_000, 6);
        return new TaskLoop(
                workspace, model, gateway, store, (t, s, c) -> java.util.Optional.empty(), Duration.ofMinutes(1));
    }

    private Assignment assignment(Purpose purpose) {
        return new Assignment(
                purpose,
                new Trigger("email.received", null, null, true, "a mail"),
                () -> List.copyOf(feed),
                (transcript, ended) -> told.add(Json.tree(ended.ending()).asText()));
    }

    private static ScriptedModel failing(ModelFailure failure) {
        return new ScriptedModel(request -> {
            throw failure;
        });
    }

    private static ScriptedModel scripted(List<Reply> script) {
        return ScriptedModel.of(script.toArray(Reply[]::new));
    }

    private static List<Reply> randomScript(Random random) {
        List<Reply> script = new ArrayList<>();
        int turns = 1 + random.nextInt(4);
        for (int turn = 0; turn < turns; turn++) {
            List<String> calls = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                calls.add(random.nextInt(8) == 0 ? "nothing" : random.nextBoolean() ? "read" : "write");
                calls.add(random.nextInt(8) == 0 ? "{cut" : "{\"turn\":" + turn + ",\"i\":" + i + "}");
            }
            script.add(calls(random.nextInt(6) == 0 ? Finish.LENGTH : Finish.TOOLS, "", calls.toArray(String[]::new)));
        }
        if (random.nextInt(4) == 0) {
            script.add(words("hm"));
        }
        script.add(random.nextInt(5) == 0 ? words("no sentinel") : done("done"));
        return script;
    }

    private static Incoming event(String id) {
        return new Incoming(
                id,
                "email.received",
                "worker:email_ingest",
                null,
                Instant.parse("2026-11-21T10:00:00Z"),
                true,
                Json.MAPPER.createObjectNode().put("conversation_id", "c1"));
    }

    private static Workspace workspace(long tokens, int turns) {
        return workspace(tokens, turns, ModelClass.SONNET);
    }

    private static Workspace workspace(long tokens, int turns, ModelClass model) {
        return new Workspace(
                "chief",
                "d",
                "Example",
                new ModelPolicy(List.of(), model),
                List.of(),
                List.of("read"),
                List.of(),
                new Budget(BigDecimal.ONE, BigDecimal.TEN, tokens, turns, 12),
                new Permissions(java.util.Set.of("read"), List.of()),
                new Lifecycle(Duration.ofSeconds(90), 4, 1),
                "prompt",
                "v1",
                List.of());
    }
}

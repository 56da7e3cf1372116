package org.capitania.agentruntime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.agentruntime.loop.ScriptedModel.calls;
import static org.capitania.agentruntime.loop.ScriptedModel.done;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.capitania.agentruntime.loop.FakeSessionStore.Killed;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.subagent.Subagents;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.SessionEntry.Asked;
import org.capitania.agentruntime.transcript.SessionEntry.Opened;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.agentruntime.workspace.Subagent;
import org.capitania.agentruntime.workspace.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subagents beside a loop: nested in it, bounded by it, and resumed with it wherever both are killed. */
@Timeout(60)
class SubagentsTest {
    private static final String SPAWN = "{\"subagent\":\"explore\",\"question\":\"Where does it stand?\"}";
    private static final String PROJECT = "{\"project\":\"project-shop\",\"task\":\"Change the opening hours.\"}";

    private final LoopScene scene = new LoopScene();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldAnswerItsParentWithItsLastWordsInASessionOfItsOwn() {
        TaskEnd end = run(scripted(calls("agent_spawn", SPAWN), done("drafted")), 100_000);

        assertThat(end.reason()).isEqualTo("drafted");
        JsonNode told = scene.returned().getFirst().content();
        assertThat(told.at("/data/answer").asText()).isEqualTo("It stands on page 3.");
        assertThat(told.at("/data/ended").asText()).isEqualTo("finished");
        Transcript child = child("sub-s1:0:1");
        Opened opened = child.opened().orElseThrow();
        assertThat(opened.purpose()).isEqualTo(Purpose.SUBAGENT);
        assertThat(opened.system()).isEqualTo("You are explore.");
        assertThat(opened.tools()).extracting(t -> t.name()).containsExactly("read", "write");
        assertThat(child.all(Asked.class)).extracting(Asked::modelClass).containsOnly(ModelClass.HAIKU);
        assertThat(scene.gateway.parents)
                .containsEntry("sub-s1:0:1:0:1", "s1:0:1")
                .containsEntry("s1:0:1", "null");
        assertThat(meters.get("supervisor_subagent_spawns")
                        .tags("parent", "chief", "subagent", "explore")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void shouldRepeatNoEffectWhenParentOrChildIsKilledAtEveryStep() {
        Model model = scripted(
                calls("read", "{}"), calls("agent_spawn", SPAWN), calls("write", "{\"n\":1}"), done("drafted"));
        TaskEnd expected = run(model, 100_000);
        int appends = scene.store.appends();
        assertThat(appends).isGreaterThan(12);
        for (int at = 1; at <= appends; at++) {
            for (boolean afterWrite : new boolean[] {false, true}) {
                String where = "killed " + (afterWrite ? "after" : "before") + " append " + at;
                LoopScene stormy = new LoopScene();
                stormy.store.killAt(at, afterWrite);
                assertThatThrownBy(() -> loop(stormy, model, 100_000)
                                .run(LoopScene.TICKET, stormy.assignment(Purpose.TASK), stormy.lease))
                        .as(where)
                        .isInstanceOf(Killed.class);
                stormy.store.killAt(Integer.MAX_VALUE, false);

                TaskEnd end = loop(stormy, model, 100_000)
                        .run(LoopScene.TICKET, stormy.assignment(Purpose.TASK), stormy.lease);

                assertThat(end).as(where).isEqualTo(expected);
                assertThat(stormy.gateway.effects).as(where).containsExactlyEntriesOf(scene.gateway.effects);
                assertThat(stormy.gateway.closed).as(where).isEqualTo(scene.gateway.closed);
                assertThat(answers(stormy.returned())).as(where).isEqualTo(answers(scene.returned()));
            }
        }
    }

    @Test
    void shouldHaveTwoAndAProjectAtOnceAndNoMore() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        // Given: two subagents and a project agent wait for one another; a third would find the barrier broken
        CyclicBarrier three = new CyclicBarrier(3);
        Set<String> met = ConcurrentHashMap.newKeySet();
        Model model = model(
                turn -> turn == 0
                        ? calls(
                                "agent_spawn",
                                SPAWN,
                                "agent_spawn",
                                SPAWN.replace("Where", "When"),
                                "project_run",
                                PROJECT,
                                "agent_spawn",
                                SPAWN.replace("Where", "Why"))
                        : done("all of them"),
                request -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    if (met.add(request.ticket().sessionId()) && met.size() <= 3) {
                        meet(three);
                    }
                    now.decrementAndGet();
                    return done("found");
                });

        TaskEnd end = run(model, 100_000);

        assertThat(end.reason()).isEqualTo("all of them");
        assertThat(scene.returned()).hasSize(4).allMatch(Returned::ok);
        assertThat(scene.returned()).extracting(Returned::ordinal).containsExactly(1, 2, 3, 4);
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void shouldBeHeldToWhatItsParentHasLeftAndCountForIt() {
        Model model = scripted(
                calls("agent_spawn", SPAWN, "agent_spawn", SPAWN.replace("Where", "When")), done("as far as it went"));

        assertThat(run(model, 2_000).reason()).isEqualTo("as far as it went");

        assertThat(scene.returned()).allSatisfy(returned -> {
            assertThat(returned.ok()).isTrue();
            assertThat(returned.content().at("/data/tokens").asLong()).isEqualTo(130);
        });
        // And: of 300 the first turn takes 120, and 90 are left for each: enough for one turn; then nothing is left for
        // their parent
        LoopScene poor = new LoopScene();
        TaskEnd end = loop(poor, model, 300).run(LoopScene.TICKET, poor.assignment(Purpose.TASK), poor.lease);
        assertThat(poor.returned()).allSatisfy(returned -> {
            assertThat(returned.ok()).isFalse();
            assertThat(returned.code()).isEqualTo("budget_exhausted");
        });
        assertThat(end.code()).isEqualTo("budget_exhausted");
    }

    @Test
    void shouldLeaveBothAtTheirStepWhenTheLeaseIsLost() throws InterruptedException {
        InterruptibleLease lease = new InterruptibleLease();
        CountDownLatch within = new CountDownLatch(1);
        AtomicInteger lives = new AtomicInteger();
        Model model = model(turn -> turn == 0 ? calls("agent_spawn", SPAWN) : done("later"), request -> {
            if (lives.getAndIncrement() == 0) {
                within.countDown();
                hang();
            }
            return done("found");
        });
        Thread ending = Thread.ofVirtual().start(() -> {
            await(within);
            lease.end(Cause.LOST, "a higher fence is known");
        });

        assertThatThrownBy(
                        () -> loop(scene, model, 100_000).run(LoopScene.TICKET, scene.assignment(Purpose.TASK), lease))
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(Cause.LOST));
        ending.join();

        assertThat(scene.returned()).isEmpty();
        assertThat(child("sub-s1:0:1").ended()).isEmpty();
        // And: both go on where they were
        assertThat(run(model, 100_000).reason()).isEqualTo("later");
        assertThat(lives.get()).isEqualTo(2);
        assertThat(scene.gateway.effects).hasSize(1);
    }

    private Transcript child(String session) {
        return new Transcript(session, scene.store.entries(LoopScene.TICKET.child(session, "s1:0:1")));
    }

    private TaskEnd run(Model model, long tokens) {
        return loop(scene, model, tokens).run(LoopScene.TICKET, scene.assignment(Purpose.TASK), scene.lease);
    }

    private TaskLoop loop(LoopScene around, Model model, long tokens) {
        Set<String> begun = ConcurrentHashMap.newKeySet();
        Workspace workspace = workspace(tokens);
        Subagents subagents = new Subagents(
                model,
                around.gateway,
                around.store,
                (ticket, parent, name) -> begun.add(ticket.sessionId()),
                Duration.ofMinutes(1),
                LoopScene.CLOCK,
                meters);
        return new TaskLoop(
                tenant -> workspace,
                model,
                around.gateway,
                around.store,
                Duration.ofMinutes(1),
                LoopScene.CLOCK,
                new Caps(tokens),
                subagents);
    }

    private static Workspace workspace(long tokens) {
        Workspace base = LoopScene.workspace(tokens, 6);
        return new Workspace(
                base.role(),
                base.description(),
                base.company(),
                base.models(),
                base.triggers(),
                base.tools(),
                List.of(subagent("explore", false), subagent("project-agent", true)),
                base.budget(),
                base.permissions(),
                base.lifecycle(),
                base.systemPrompt(),
                base.version(),
                base.files());
    }

    private static Subagent subagent(String name, boolean project) {
        return new Subagent(
                name,
                "d",
                ModelClass.HAIKU,
                List.of("read", "write"),
                new Subagent.Bounds(4, 50_000),
                project,
                "You are " + name + ".");
    }

    /** A parent that follows its script, and children that read, write and answer. */
    private static Model scripted(Reply... parent) {
        Reply[] child = {
            calls("read", "{\"at\":1}", "write", "{\"child\":1}"),
            ScriptedModel.words("It stands on page 3.\n<task-complete reason=\"found\"/>")
        };
        return model(
                turn -> parent[Math.min(turn, parent.length - 1)],
                request -> child[Math.min(request.turn(), child.length - 1)]);
    }

    private static Model model(Function<Integer, Reply> parent, Function<ModelRequest, Reply> child) {
        ScriptedModel snapshots = ScriptedModel.of(done("x"));
        return new ScriptedModel(request -> {
            Ticket ticket = request.ticket();
            if (request.purpose() == ModelRequest.Purpose.SNAPSHOT) {
                return snapshots.reply(request);
            }
            return ticket.parentCall() == null ? parent.apply(request.turn()) : child.apply(request);
        });
    }

    private static List<String> answers(List<Returned> returned) {
        return returned.stream()
                .map(r -> r.content().at("/data/answer").asText())
                .toList();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("they were not there at the same time", e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}

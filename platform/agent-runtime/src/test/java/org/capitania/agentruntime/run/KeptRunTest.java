package org.capitania.agentruntime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.capitania.agentruntime.loop.RunInterrupted;
import org.capitania.agentruntime.loop.RunInterrupted.Cause;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.api.RunHeartbeat.Command;
import org.capitania.contract.api.RunHeartbeat.Renewed;
import org.capitania.contract.api.TaskOutcome;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Scope;
import org.junit.jupiter.api.Test;

class KeptRunTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final List<RunHeartbeat> beats = new ArrayList<>();
    private Instant now = START;
    private Function<RunHeartbeat, Renewed> supervisor = beat -> renewed(List.of(), null);
    private AgentWake stored = new AgentWake("w1", "r1", 7, "chief", "a mail", 1, List.of(task("t1", "e1")));

    private final KeptRun run = new KeptRun(
            Scope.of("main", "agent:chief", "test"),
            stored,
            new FakeSupervisor(),
            appended -> stored = RunStore.merge(stored, appended),
            () -> 42,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            new FakeClock());

    @Test
    void shouldStoreAppendedEventsBeforeItSaysSo() {
        supervisor = beat -> renewed(List.of(task("t1", "e1", "e2"), task("t2", "e3")), null);

        run.beat();
        run.beat();

        assertThat(beats.get(0).taken()).isEmpty();
        assertThat(beats.get(0).steps()).isEqualTo(42);
        assertThat(beats.get(1).taken()).containsExactly("e1", "e2", "e3");
        assertThat(run.task("t1").events()).extracting(Event::id).containsExactly("e1", "e2");
        assertThat(run.task("t2").events()).extracting(Event::id).containsExactly("e3");
    }

    @Test
    void shouldTakeNothingMoreForATaskThatHasEnded() {
        run.ended(new TaskOutcome("t1", TaskOutcome.Outcome.FINISHED, "done"));
        supervisor = beat -> renewed(List.of(task("t1", "e2")), null);

        run.beat();
        run.beat();

        assertThat(beats.get(0).ended()).extracting(TaskOutcome::taskId).containsExactly("t1");
        assertThat(beats.get(1).ended()).as("reported once").isEmpty();
        assertThat(beats.get(1).taken()).isEmpty();
        assertThat(run.nextTask()).isEmpty();
    }

    @Test
    void shouldReportAgainWhenTheHeartbeatDidNotArrive() {
        run.ended(new TaskOutcome("t1", TaskOutcome.Outcome.FINISHED, "done"));
        supervisor = beat -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "away");
        };
        run.beat();
        supervisor = beat -> renewed(List.of(), null);
        run.beat();

        assertThat(beats.get(1).ended()).hasSize(1);
        assertThat(run.report().outcomes()).isEmpty();
    }

    @Test
    void shouldStopWhenToldTo() {
        supervisor = beat -> renewed(List.of(), Command.STOP);

        run.beat();

        assertEnded(Cause.STOPPED);
    }

    @Test
    void shouldLeaveSessionsThatWereOpenedBeforeTheyHadToBeFresh() {
        run.beat();
        assertThat(run.outdated(START)).isFalse();
        supervisor = beat -> new Renewed(START.plusSeconds(30), List.of(), null, START);

        run.beat();

        assertThat(run.outdated(START.minusSeconds(1))).isTrue();
        assertThat(run.outdated(START)).isFalse();
        run.lease().check();
    }

    @Test
    void shouldKnowWhatHasToBeFreshBeforeASessionOfAnEarlierRunIsGoneOnWith() {
        supervisor = beat -> new Renewed(START.plusSeconds(30), List.of(task("t2", "e9")), null, START);

        try (KeptRun kept = run.keep(() -> stored = RunStore.merge(stored, List.of(task("t3", "e3"))))) {
            kept.awaitBeat();

            assertThat(kept.outdated(START.minusSeconds(1))).isTrue();
            assertThat(kept.wake().tasks())
                    .as("what is appended builds on what was stored first")
                    .extracting(AgentTask::taskId)
                    .containsExactly("t1", "t3", "t2");
            kept.lease().end(Cause.LOST, "gone");
            assertThatThrownBy(kept::awaitBeat).isInstanceOf(RunInterrupted.class);
        }
    }

    @Test
    void shouldGiveUpAtOnceWhenTheLeaseIsLost() {
        for (ErrorCode code : List.of(ErrorCode.LEASE_LOST, ErrorCode.FENCED, ErrorCode.NOT_FOUND)) {
            supervisor = beat -> {
                throw new CapitaniaException(code, "gone");
            };
            run.beat();
            assertEnded(Cause.LOST);
        }
    }

    @Test
    void shouldGiveItselfUpWhenTheSupervisorIsAwayForALease() {
        supervisor = beat -> {
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "away");
        };
        now = START.plusSeconds(29);
        run.beat();
        run.lease().check();

        now = START.plusSeconds(30);
        run.beat();

        assertEnded(Cause.LOST);
    }

    private void assertEnded(Cause cause) {
        assertThatThrownBy(() -> run.lease().check())
                .isInstanceOfSatisfying(
                        RunInterrupted.class, e -> assertThat(e.reason()).isEqualTo(cause));
    }

    private static Renewed renewed(List<AgentTask> appended, Command command) {
        return new Renewed(START.plusSeconds(30), appended, command, null);
    }

    private static AgentTask task(String id, String... events) {
        return new AgentTask(
                id,
                "c-" + id,
                true,
                List.of(events).stream().map(KeptRunTest::event).toList());
    }

    private static Event event(String id) {
        return new Event(
                id,
                "email.received",
                "/x",
                null,
                START,
                "main",
                "worker:x",
                null,
                null,
                null,
                null,
                "k",
                JsonNodeFactory.instance.objectNode());
    }

    private final class FakeSupervisor implements Supervisor {
        @Override
        public AgentWake claim(Scope scope, AgentWake wake) {
            return wake;
        }

        @Override
        public Renewed heartbeat(Scope scope, String runId, RunHeartbeat heartbeat) {
            beats.add(heartbeat);
            return supervisor.apply(heartbeat);
        }

        @Override
        public void complete(Scope scope, String runId, RunComplete report) {}
    }

    private final class FakeClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}

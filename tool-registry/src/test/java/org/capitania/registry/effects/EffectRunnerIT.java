package org.capitania.registry.effects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.effects.EffectRunner.Ending;
import org.capitania.registry.effects.Effects.Plan;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** An act whose end nobody knows is done once more only when it surely has not happened, and may still happen. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class EffectRunnerIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");

    @Inject
    EffectRunner runner;

    @Inject
    Sql sql;

    private final String id = "effect-" + UUID.randomUUID();
    private final Plan plan =
            new Plan(id, "key-" + id, "email_send", "agent:chief", "<" + id + ">", Json.MAPPER.createObjectNode());

    /** The other side takes a while to store what it was handed, and never says so. */
    private static final class Slow implements OutwardTool {
        private final List<Duration> doubted = new ArrayList<>();
        private Presence presence = Presence.TOO_EARLY;
        private int performed;
        private int refusedFrom = Integer.MAX_VALUE;

        @Override
        public String tool() {
            return "email_send";
        }

        @Override
        public Draft draft(Call call) {
            throw new AssertionError("nothing is drafted here");
        }

        @Override
        public Delivery perform(Scope scope, JsonNode effect) {
            performed++;
            return performed < refusedFrom
                    ? new Delivery.InDoubt("it took longer than we wait")
                    : new Delivery.NotSent("it is there already", false);
        }

        @Override
        public Presence look(Scope scope, JsonNode effect, Duration sinceDoubt) {
            doubted.add(sinceDoubt);
            return presence;
        }

        @Override
        public JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at) {
            return Json.MAPPER.createObjectNode();
        }
    }

    @Test
    void shouldCountFromTheDoubtAndNotFromTheBeginning() {
        // Given: the attempt took a minute, and then was cut off
        Slow slow = new Slow();
        assertThat(run(slow, tx -> {})).isInstanceOf(Ending.Later.class);
        passed("intent_at");
        // When
        run(slow, tx -> {});
        // Then: it may still arrive, as long after that as after any other
        assertThat(slow.doubted.getFirst()).isLessThan(Duration.ofSeconds(30));
        passed("doubt_at");
        run(slow, tx -> {});
        assertThat(slow.doubted.getLast()).isGreaterThan(Duration.ofSeconds(30));
        // And: another attempt is another doubt
        slow.presence = Presence.ABSENT;
        run(slow, tx -> {});
        slow.presence = Presence.TOO_EARLY;
        run(slow, tx -> {});
        assertThat(slow.performed).isEqualTo(2);
        assertThat(slow.doubted.getLast()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void shouldNotTryAgainWhatMayNotHappenAnyMore() {
        Slow slow = new Slow();
        run(slow, tx -> {});
        slow.presence = Presence.ABSENT;
        Ending ending = run(slow, new EffectRunner.Admission() {
            @Override
            public void mayBegin(Tx tx) {
                throw new AssertionError("nobody asks when it is over");
            }

            @Override
            public Optional<String> over() {
                return Optional.of("taken back");
            }
        });
        assertThat(ending).isEqualTo(new Ending.Aborted("taken back"));
        assertThat(slow.performed).isOne();
    }

    @Test
    void shouldStayInDoubtWhenNoTryIsAnswered() {
        Slow slow = new Slow();
        slow.presence = Presence.REPEATABLE;
        Ending ending = run(slow, tx -> {});
        while (ending instanceof Ending.Later) {
            ending = run(slow, tx -> {});
        }
        assertThat(ending).isInstanceOf(Ending.Unknown.class);
        assertThat(slow.performed).isEqualTo(8);
        assertThat(run(slow, tx -> {})).isEqualTo(ending);
    }

    @Test
    void shouldStayInDoubtWhenALaterTryIsRefused() {
        Slow slow = new Slow();
        slow.presence = Presence.REPEATABLE;
        slow.refusedFrom = 2;
        run(slow, tx -> {});
        assertThat(run(slow, tx -> {})).isInstanceOf(Ending.Unknown.class);
        assertThat(slow.performed).isEqualTo(2);
    }

    private Ending run(OutwardTool tool, EffectRunner.Admission admission) {
        return runner.run(SCOPE, tool, plan, admission);
    }

    /** A minute goes by since then. */
    private void passed(String column) {
        sql.run(
                SCOPE,
                tx -> tx.execute(
                        "UPDATE effects SET %1$s = %1$s - interval '1 minute' WHERE effect_id = $1".formatted(column),
                        id));
    }
}

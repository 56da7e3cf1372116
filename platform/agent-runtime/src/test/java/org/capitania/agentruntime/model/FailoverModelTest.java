package org.capitania.agentruntime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.Usage;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two providers, the first of which is wanted. */
class FailoverModelTest extends ProviderStub {
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final List<String> asked = new ArrayList<>();
    private final Fake first = new Fake("anthropic", 200_000);
    private final Fake second = new Fake("openai", 128_000);
    private Instant now = Instant.parse("2026-11-22T07:00:00Z");
    private final FailoverModel model =
            new FailoverModel(List.of(first, second), PAUSE, Clock.fixed(now, ZoneOffset.UTC));

    private final class Fake implements Model {
        private final String name;
        private final long window;
        private @Nullable ModelFailure fault;

        Fake(String name, long window) {
            this.name = name;
            this.window = window;
        }

        @Override
        public String provider() {
            return name;
        }

        @Override
        public long window() {
            return window;
        }

        @Override
        public Reply reply(ModelRequest request) {
            asked.add(name + " " + request.callId());
            if (fault != null) {
                throw fault;
            }
            return new Reply("from " + name, List.of(), Finish.STOP, Usage.NONE, name);
        }
    }

    private static ModelFailure failure(Kind kind) {
        return new ModelFailure(kind, "no", null, null);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"SIGN_IN", "RATE_LIMITED", "OVERLOADED", "SERVER", "TIMEOUT", "CUT_OFF"})
    void shouldAskTheNextUnderAnIdOfItsOwnWhenOneFails(Kind kind) {
        first.fault = failure(kind);

        assertThat(model.reply(request()).text()).isEqualTo("from openai");

        assertThat(asked).containsExactly("anthropic s1:1:model", "openai s1:1:model-f1");
        assertThat(model.provider()).as("it is passed over").isEqualTo("openai");
        assertThat(model.window()).isEqualTo(128_000);
    }

    @Test
    void shouldAskTheFirstAgainAfterAWhile() {
        FailoverModel ticking =
                new FailoverModel(List.of(first, second), PAUSE, ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
        first.fault = failure(Kind.OVERLOADED);
        ticking.reply(request());
        first.fault = null;
        assertThat(ticking.reply(request()).text()).isEqualTo("from openai");

        now = now.plus(PAUSE);

        assertThat(ticking.reply(request()).text()).isEqualTo("from anthropic");
    }

    @Test
    void shouldAskNobodyElseWhenTheRequestOrTheGatewayIsTheReason() {
        first.fault = failure(Kind.BAD_REQUEST);
        assertThatThrownBy(() -> model.reply(request())).isSameAs(first.fault);
        first.fault = new ModelFailure(new CapitaniaException(ErrorCode.BUDGET_EXHAUSTED, "over the cap"));
        assertThatThrownBy(() -> model.reply(request())).isSameAs(first.fault);

        assertThat(asked).allMatch(a -> a.startsWith("anthropic"));
    }

    @Test
    void shouldAskTheNextWhenThereIsNoKeyForTheFirst() {
        first.fault = new ModelFailure(new CapitaniaException(ErrorCode.NOT_CONFIGURED, "no key"));

        assertThat(model.reply(request()).text()).isEqualTo("from openai");
    }

    @Test
    void shouldNotBlameAKeyWhenAnotherProviderWillComeBack() {
        first.fault = failure(Kind.OVERLOADED);
        second.fault = failure(Kind.SIGN_IN);

        assertThatThrownBy(() -> model.reply(request())).isSameAs(first.fault);
    }

    @Test
    void shouldFailWhenAllFailAndTryAgainAllTheSame() {
        first.fault = failure(Kind.SERVER);
        second.fault = failure(Kind.TIMEOUT);

        assertThatThrownBy(() -> model.reply(request())).isSameAs(second.fault);
        second.fault = null;

        assertThat(model.reply(request()).text()).isEqualTo("from openai");
    }
}

package org.capitania.agentruntime.model;

import io.quarkus.logging.Log;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Several providers in the order they are wanted. One that has failed for good (its attempts are used up, or it refuses our key) is passed
 * over for a while, and the next is asked with the same transcript. What tool-registry refuses, or what is wrong with the request, is no
 * fault of a provider and goes to nobody else.
 */
final class FailoverModel implements Model {
    private static final Set<ErrorCode> NO_KEY = EnumSet.of(ErrorCode.NOT_CONFIGURED, ErrorCode.PROVIDER_REJECTED);

    private final List<Model> models;
    private final Duration pause;
    private final Clock clock;
    private final Map<String, Instant> passedOver = new HashMap<>();

    FailoverModel(List<Model> models, Duration pause, Clock clock) {
        this.models = List.copyOf(models);
        this.pause = pause;
        this.clock = clock;
    }

    /** The first that would be asked now. */
    @Override
    public String provider() {
        return inTurn().getFirst().provider();
    }

    @Override
    public long window() {
        return models.stream().mapToLong(Model::window).min().orElseThrow();
    }

    @Override
    public Reply reply(ModelRequest request) {
        return reply(request, Words.UNHEARD);
    }

    @Override
    public Reply reply(ModelRequest request, Words words) {
        List<Model> inTurn = inTurn();
        @Nullable ModelFailure hopeful = null;
        for (int i = 0; ; i++) {
            Model model = inTurn.get(i);
            try {
                return model.reply(i == 0 ? request : request.withCallId(request.callId() + "-f" + i), words);
            } catch (ModelFailure e) {
                if (!itsOwn(e) || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                passOver(model, e);
                hopeful = hopeful == null || e.retryable() ? e : hopeful;
                if (i + 1 == inTurn.size()) {
                    // A key that is refused holds the agent back; a provider that will come back does not.
                    throw hopeful;
                }
            }
        }
    }

    /** Whether another provider may do better: also where tool-registry has no key for this one, or knows that it is refused. */
    private static boolean itsOwn(ModelFailure e) {
        return e.retryable()
                || e.kind() == ModelFailure.Kind.SIGN_IN
                || (e.refusal() != null && NO_KEY.contains(e.refusal().code()));
    }

    /** Those that have not failed lately, then those that have: with nobody else left one of them is asked all the same. */
    private synchronized List<Model> inTurn() {
        Instant now = clock.instant();
        passedOver.values().removeIf(until -> !until.isAfter(now));
        List<Model> inTurn = new ArrayList<>(models);
        inTurn.sort(Comparator.comparing((Model model) -> passedOver.containsKey(model.provider())));
        return inTurn;
    }

    private synchronized void passOver(Model model, ModelFailure why) {
        passedOver.put(model.provider(), clock.instant().plus(pause));
        Log.warnf("provider is passed over for %s provider=%s why=%s", pause, model.provider(), why.kind());
    }
}

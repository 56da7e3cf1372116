package org.capitania.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationResult;
import org.jspecify.annotations.Nullable;

/** What graph-service answered under each idempotency key; another batch under the same key is refused, as it does. */
public final class FakeKeys {
    private record Answered(JsonNode batch, MutationResult result) {}

    private final Map<String, Answered> answers = new LinkedHashMap<>();
    private volatile boolean mute;

    /** The answer to the next batch that is written is lost. */
    public void loseAnAnswer() {
        mute = true;
    }

    MutationResult once(@Nullable String key, MutationBatch batch, Function<MutationBatch, MutationResult> write) {
        Answered before = key == null ? null : answers.get(key);
        if (before != null) {
            if (!before.batch().equals(Json.tree(batch))) {
                throw new CapitaniaException(ErrorCode.IDEMPOTENCY_MISMATCH, "the key was used for another batch");
            }
            return before.result();
        }
        MutationResult result = write.apply(batch);
        if (key != null) {
            answers.put(key, new Answered(Json.tree(batch), result));
        }
        if (mute) {
            mute = false;
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the line broke");
        }
        return result;
    }

    MutationResult answered(String key) {
        Answered before = answers.get(key);
        if (before == null) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no batch under " + key);
        }
        return before.result();
    }
}

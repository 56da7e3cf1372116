package org.capitania.graph.semantic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;

import java.util.function.BiFunction;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.MutationResult.OpResult;

/**
 * A batch of mutations that tells of what its last op does.
 *
 * @param setUp an op that makes the node {@code n} the batch is about; empty where the batch makes its own
 * @param ops {@code %s} stands for the id of the node
 * @param told what is told, of the node and of what the batch answered
 */
record BatchCause(String setUp, String ops, BiFunction<OpResult, MutationResult, Event> told) implements Cause {
    record Event(String key, String subject, Object event) {}

    /** Four projects in focus are one too many, which the database finds when all else is written and every event appended. */
    private static final String ONE_TOO_MANY =
            ", {\"op\": \"create\", \"type\": \"project\", \"priority\": \"focus\", \"props\": {\"name\": \"P\"}}"
                    .repeat(4);

    @Override
    public Told happen() {
        OpResult node = node();
        MutationResult done = OWNER.mutate("%s", batch(node, ""));
        Event expected = told.apply(node, done);
        return new Told(
                expected.key(),
                expected.key(),
                expected.subject(),
                expected.event(),
                Cause.changing(done.results().getLast().id()));
    }

    @Override
    public String fail() {
        OpResult node = node();
        var refused = OWNER.post("%s", batch(node, ONE_TOO_MANY));
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("focus_cap");
        return node.id();
    }

    private OpResult node() {
        return setUp.isEmpty()
                ? new OpResult("create", "n", "", "", 0, false, false)
                : OWNER.mutate("%s", "{\"ops\": [" + setUp + "]}").byRef("n");
    }

    private String batch(OpResult node, String more) {
        return "{\"ops\": [" + ops.formatted(node.id()) + more + "]}";
    }
}

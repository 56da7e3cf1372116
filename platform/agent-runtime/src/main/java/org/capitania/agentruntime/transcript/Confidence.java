package org.capitania.agentruntime.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.Stream;

/** How sure a model said it was. Nothing is guessed: where it gave no figure there is none. */
final class Confidence {
    private Confidence() {}

    /** The least of the figures in a reply: the argument {@code confidence} of its calls, and that of its sentinel. */
    static Optional<Double> of(Reply reply) {
        Stream<Double> ofCalls = reply.calls().stream()
                .flatMap(call -> call.parsed().stream())
                .map(arguments -> arguments.path("confidence"))
                .filter(JsonNode::isNumber)
                .map(JsonNode::asDouble);
        return Stream.concat(ofCalls, Sentinel.confidence(reply.text()).stream())
                .filter(figure -> figure >= 0 && figure <= 1)
                .min(Double::compare);
    }
}

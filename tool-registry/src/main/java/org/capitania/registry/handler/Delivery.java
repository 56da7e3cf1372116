package org.capitania.registry.handler;

import com.fasterxml.jackson.databind.JsonNode;

/** How an act outside ended. */
public sealed interface Delivery {

    /** It happened, and the other side said so. */
    record Sent(JsonNode receipt) implements Delivery {}

    /** It surely did not happen; {@code again} tells whether a later attempt may fare better. */
    record NotSent(String why, boolean again) implements Delivery {}

    /** The line broke when it may or may not have happened. */
    record InDoubt(String why) implements Delivery {}
}

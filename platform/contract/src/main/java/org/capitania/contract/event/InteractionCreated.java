package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/** A node of type interaction was created ({@code interaction.created}); key: the interaction. */
public record InteractionCreated(
        String id, @Nullable String slug, @Nullable String conversationId) {
    public static final String TYPE = "interaction.created";
}

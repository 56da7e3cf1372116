package org.capitania.ingest.intake;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a mail became in the graph.
 *
 * @param contact the sender
 * @param entity whom the sender works for, when that is known
 * @param conversationExisted whether an earlier mail had begun the conversation
 */
record LinkedIds(
        UUID interaction,
        String interactionSlug,
        UUID conversation,
        boolean conversationExisted,
        UUID contact,
        @Nullable UUID entity) {}

package org.capitania.contract.api;

import org.capitania.contract.event.EmailReceived.Classification;
import org.jspecify.annotations.Nullable;

/**
 * What became of a mail that was handed in ({@code POST /v1/emails}): 201 when it is new, 200 when it was there already. 422
 * {@code not_an_email}; 413 {@code message_too_large}; 503 {@code peer_unavailable} when it is kept and will be linked later.
 *
 * @param id the interaction in the graph
 * @param conversation the id of its conversation
 * @param duplicate whether a mail of this Message-ID was stored before; the ids are those of the first
 * @param emailId the mail at ingest-workers
 */
public record EmailReceipt(
        String id,
        String slug,
        String conversation,
        boolean duplicate,
        String emailId,
        @Nullable Classification classification) {}

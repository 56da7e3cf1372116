package org.capitania.contract.api;

import java.util.List;

/**
 * What a model was told in one call ({@code GET /v1/sessions/{id}/messages?call=} of an agent), rebuilt from what its session keeps.
 *
 * @param inputsDigest of the session before the call, as it is kept now
 */
public record SessionMessages(String sessionId, String callId, String inputsDigest, List<Message> messages) {

    /** @param role system, user, assistant or tool */
    public record Message(String role, String text) {}
}

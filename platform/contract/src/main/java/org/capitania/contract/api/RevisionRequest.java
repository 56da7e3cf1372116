package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The owner's edit of a frozen call ({@code POST /v1/frozen-calls/{proposal_id}/revisions}, sent by approval-service on the owner's behalf); every check runs again.
 * The answer is the new {@link org.capitania.contract.event.FrozenCall}. The same arguments as the newest revision answer that revision.
 *
 * @param arguments the whole of them; the mark of a secret that was left where it stood means that secret
 * @param by the person who edited
 */
public record RevisionRequest(JsonNode arguments, String by) {}

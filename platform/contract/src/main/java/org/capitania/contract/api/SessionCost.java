package org.capitania.contract.api;

import java.math.BigDecimal;

/** What a session's model calls have come to so far ({@code GET /v1/sessions/{id}/cost}, by the agent whose session it is). */
public record SessionCost(String sessionId, BigDecimal costUsd) {}

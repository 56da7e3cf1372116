package org.capitania.contract.api;

import java.math.BigDecimal;

/**
 * The answer to a {@link SessionClose}, the same to every repetition.
 *
 * @param nodeId the session's node
 * @param costUsd what its model calls came to; one that is still open counts with what was set aside
 */
public record SessionClosed(String sessionId, String nodeId, String auditEventId, BigDecimal costUsd) {}

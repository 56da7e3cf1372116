package org.capitania.contract.api;

/** {@code POST /v1/proposals/{id}/reject}; the reason is what the agent learns from, so it may not be blank. */
public record RejectRequest(String reason) {}

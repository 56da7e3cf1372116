package org.capitania.contract.api;

/** A guardian lives ({@code POST /v1/heartbeats}). Gated acts stop ten seconds after the last one of either {@code supervisor} or {@code watchdog}. */
public record HeartbeatRequest(String component) {}

package org.capitania.contract.api;

import java.time.Instant;

/**
 * How far a file is loaded ({@code POST /v1/load}, {@code GET /v1/load/{key}}).
 *
 * @param key the {@code Idempotency-Key} under which it is loaded
 * @param lines so many lines of it are in
 * @param nodes that it has made
 * @param edges that it has made
 * @param found lines that asked for what was there already
 * @param finished whether it is in to its end
 */
public record LoadReport(
        String key,
        long lines,
        long nodes,
        long edges,
        long found,
        boolean finished,
        Instant startedAt,
        Instant updatedAt) {}

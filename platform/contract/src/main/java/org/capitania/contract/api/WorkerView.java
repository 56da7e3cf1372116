package org.capitania.contract.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One ingest worker ({@code GET /v1/workers}).
 *
 * @param state running, or off when it is not configured
 * @param detail what it watches, or how to turn it on
 */
public record WorkerView(
        String name,
        String state,
        String detail,
        @Nullable Instant lastRunAt,
        @Nullable String lastError,
        long handled) {

    /** All workers. */
    public record Page(List<WorkerView> items) {}

    /**
     * The answer to {@code POST /v1/workers/{name}/runs}.
     *
     * @param requeued mails that had failed and are tried again
     */
    public record Run(String name, int requeued) {}
}

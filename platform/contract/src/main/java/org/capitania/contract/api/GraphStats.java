package org.capitania.contract.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The size of a tenant's graph ({@code GET /v1/stats}).
 *
 * @param nodes those not archived
 * @param edges those that hold
 * @param outboxLag events committed and not yet published
 */
public record GraphStats(long nodes, long edges, long outboxLag) {

    /** How many nodes a producer has brought within a day and within seven, archived ones too. */
    public record Throughput(String producerId, long day, long week) {}

    /** Of every producer that brought something within seven days ({@code GET /v1/stats/producers}). */
    public record Throughputs(List<Throughput> items) {}

    /**
     * What became of an agent's work in thirty days, as far as the graph tells ({@code GET /v1/stats/work?role=}).
     *
     * @param tasks those it drives that were done, or whose time was over: their due date, else seven days
     * @param tasksInTime of these, those that were done in time
     * @param intents asks that were overdue and were dealt with
     * @param intentHours the median of the hours that took after they were due; absent when there were none
     * @param articles articles of the knowledge base that name a document as their source
     * @param articleHours the longest time between a document and its article; absent when there were none
     * @param examples new pieces of work that were taken over, or are seven days old
     * @param examplesInTime of these, those that were taken over within seven days
     */
    public record Work(
            long tasks,
            long tasksInTime,
            long intents,
            @Nullable Double intentHours,
            long articles,
            @Nullable Double articleHours,
            long examples,
            long examplesInTime) {}
}

package org.capitania.agentruntime.transcript;

import java.util.List;

/**
 * What a session leaves behind.
 *
 * @param summary what was done, in a sentence or two
 * @param memo for the next session
 * @param memories what is worth remembering; may be empty only because nothing was, and then {@code none} says so
 * @param none why there is no memory; empty when there is
 */
public record Snapshot(String summary, String memo, List<Memory> memories, String none) {
    public Snapshot {
        memories = List.copyOf(memories);
    }

    /**
     * One thing worth remembering.
     *
     * @param kind fact, pattern, preference, anti_pattern or watch_item
     * @param body at most 500 characters
     * @param salience 0 to 1
     */
    public record Memory(String kind, String body, double salience) {}

    /** A session that leaves nothing but a summary. */
    public static Snapshot without(String summary, String why) {
        return new Snapshot(summary, "", List.of(), why);
    }
}

package org.capitania.agentruntime.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.Json;

/** A session store in memory; what is read back has been through JSON, and an append can be made the last thing the process does. */
final class FakeSessionStore implements SessionStore {
    /** The process is gone: nothing after this line of the loop runs. */
    static final class Killed extends Error {
        Killed() {
            super("killed");
        }
    }

    private final Map<String, List<String>> rows = new HashMap<>();
    /** The kinds of the entries of each append that was written. */
    final List<List<String>> written = new ArrayList<>();

    private int appends;
    private int killAt = Integer.MAX_VALUE;
    private boolean killAfterWrite;

    /** Dies at the n-th append from now, before or after it is written. */
    void killAt(int nth, boolean afterWrite) {
        appends = 0;
        killAt = nth;
        killAfterWrite = afterWrite;
    }

    int appends() {
        return appends;
    }

    @Override
    public synchronized List<SessionEntry> entries(Ticket ticket) {
        return rows.getOrDefault(ticket.sessionId(), List.of()).stream()
                .map(json -> Json.read(json, SessionEntry.class))
                .toList();
    }

    @Override
    public synchronized void append(Ticket ticket, int known, List<SessionEntry> entries) {
        appends++;
        if (appends == killAt && !killAfterWrite) {
            throw new Killed();
        }
        List<String> session = rows.computeIfAbsent(ticket.sessionId(), id -> new ArrayList<>());
        if (session.size() != known) {
            throw new RunInterrupted(RunInterrupted.Cause.LOST, "another run writes this session");
        }
        entries.forEach(e -> session.add(write(e)));
        written.add(entries.stream().map(e -> e.getClass().getSimpleName()).toList());
        if (appends == killAt) {
            throw new Killed();
        }
    }

    private static String write(SessionEntry entry) {
        try {
            return Json.MAPPER.writerFor(SessionEntry.class).writeValueAsString(entry);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

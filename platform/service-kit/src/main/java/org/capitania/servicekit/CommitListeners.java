package org.capitania.servicekit;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whoever wants to know, in process, that a transaction has just been committed: the outbox relay does. */
@ApplicationScoped
public class CommitListeners {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> unhurried = new CopyOnWriteArrayList<>();

    public void add(Runnable listener) {
        listeners.add(listener);
    }

    /** Adds one that is told of the commits whose events may wait a moment, for others to go with them. */
    public void addUnhurried(Runnable listener) {
        unhurried.add(listener);
    }

    /** Called after every commit, on the committing thread; a listener only rings a bell. */
    public void committed() {
        listeners.forEach(Runnable::run);
    }

    /** Called instead after a commit whose events nobody waits for. */
    public void committedUnhurried() {
        unhurried.forEach(Runnable::run);
    }
}

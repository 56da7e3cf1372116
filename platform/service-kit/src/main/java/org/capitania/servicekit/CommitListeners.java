package org.capitania.servicekit;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whoever wants to know, in process, that a transaction has just been committed: the outbox relay does. */
@ApplicationScoped
public class CommitListeners {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public void add(Runnable listener) {
        listeners.add(listener);
    }

    /** Called after every commit, on the committing thread; a listener only rings a bell. */
    public void committed() {
        listeners.forEach(Runnable::run);
    }
}

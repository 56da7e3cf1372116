package org.capitania.ingest.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.capitania.contract.api.WorkerView;
import org.jspecify.annotations.Nullable;

/** What each worker of this process did last. */
@ApplicationScoped
public class WorkerBoard {
    private final Map<String, WorkerView> workers = new ConcurrentSkipListMap<>();
    private final Clock clock;

    WorkerBoard(Clock clock) {
        this.clock = clock;
    }

    /** @param detail what it watches, or how to turn it on */
    public void announce(String name, boolean running, String detail) {
        workers.put(name, new WorkerView(name, running ? "running" : "off", detail, null, null, 0));
    }

    /** It did a round. */
    public void ran(String name, int handled) {
        note(name, null, handled);
    }

    public void failed(String name, String error) {
        note(name, error, 0);
    }

    private void note(String name, @Nullable String error, int handled) {
        workers.computeIfPresent(
                name,
                (n, w) -> new WorkerView(n, w.state(), w.detail(), clock.instant(), error, w.handled() + handled));
    }

    List<WorkerView> all() {
        return List.copyOf(workers.values());
    }

    Optional<WorkerView> find(String name) {
        return Optional.ofNullable(workers.get(name));
    }
}

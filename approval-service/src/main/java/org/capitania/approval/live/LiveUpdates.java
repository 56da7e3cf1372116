package org.capitania.approval.live;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What changed, as it changes, for whoever watches a tenant; nothing is kept for those who come later. */
@ApplicationScoped
public class LiveUpdates {
    /**
     * One thing to tell.
     *
     * @param kind changed; beat, when nothing did for a while; end, when the service stops
     * @param subject a proposal's id, or another word for what changed
     */
    public record Update(String kind, String subject) {}

    /** The loop by which the graph follows proposals and reviews; woken beside each change of one. */
    public static final String MIRROR_LOOP = "mirror";

    private static final Duration BEAT = Duration.ofSeconds(20);

    private final Map<String, BroadcastProcessor<Update>> tenants = new ConcurrentHashMap<>();

    /** A stop waits for requests to end, and a watcher's never does by itself. */
    @PostConstruct
    void endWithTheProcess() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "live-updates-end"));
    }

    /** Tells everyone who watches {@code tenant}. */
    public synchronized void changed(String tenant, String subject) {
        BroadcastProcessor<Update> watchers = tenants.get(tenant);
        if (watchers != null) {
            watchers.onNext(new Update("changed", subject));
        }
    }

    /** From now on; a watcher that is too slow misses some, which is fine: each only says look again. */
    public Multi<Update> watch(String tenant) {
        Multi<Update> changes = tenants.computeIfAbsent(tenant, t -> BroadcastProcessor.create())
                .onOverflow()
                .dropPreviousItems();
        Multi<Update> beats = Multi.createFrom()
                .ticks()
                .every(BEAT)
                .onOverflow()
                .drop()
                .map(n -> new Update("beat", Long.toString(n)));
        return Multi.createBy()
                .merging()
                .streams(beats, changes)
                .select()
                .first(update -> !update.kind().equals("end"));
    }

    private synchronized void end() {
        tenants.values().forEach(watchers -> watchers.onNext(new Update("end", "")));
    }
}

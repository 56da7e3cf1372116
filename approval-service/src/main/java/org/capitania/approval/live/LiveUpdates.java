package org.capitania.approval.live;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What changed, as it changes, for whoever watches a tenant; nothing is kept for those who come later. */
@ApplicationScoped
public class LiveUpdates {
    private final Map<String, BroadcastProcessor<String>> tenants = new ConcurrentHashMap<>();

    /** Tells everyone who watches {@code tenant}; {@code subject} is a proposal's id, or another word for what changed. */
    public void changed(String tenant, String subject) {
        BroadcastProcessor<String> watchers = tenants.get(tenant);
        if (watchers != null) {
            watchers.onNext(subject);
        }
    }

    /** From now on; a watcher that is too slow misses some, which is fine: each only says look again. */
    public Multi<String> watch(String tenant) {
        return tenants.computeIfAbsent(tenant, t -> BroadcastProcessor.create())
                .onOverflow()
                .dropPreviousItems();
    }
}

package org.capitania.supervisor.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Bells of the asks that wait in this process. A bell only saves time: the reply itself is in the store. */
@ApplicationScoped
class Replies {
    private final Map<UUID, Semaphore> waiting = new ConcurrentHashMap<>();

    /** Waits until the ask's bell rings, {@code longest} at most. */
    void await(UUID messageId, Duration longest) {
        Semaphore bell = waiting.computeIfAbsent(messageId, id -> new Semaphore(0));
        try {
            if (bell.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                // Whoever else waits for the same ask hears it, too.
                bell.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while waiting for a reply", e);
        }
    }

    void ring(UUID messageId) {
        Semaphore bell = waiting.get(messageId);
        if (bell != null) {
            bell.release();
        }
    }

    void forget(UUID messageId) {
        waiting.remove(messageId);
    }
}

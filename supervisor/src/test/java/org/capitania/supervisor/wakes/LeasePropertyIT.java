package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many holders race for one lease that runs out quickly; what the database answered them, in its own time, must never overlap. */
@QuarkusTest
class LeasePropertyIT extends SupervisorIT {
    private static final Duration LENGTH = Duration.ofMillis(40);
    private static final int HOLDERS = 6;
    private static final int STEPS = 60;

    @Inject
    Sql sql;

    @Inject
    Leases leases;

    /** What a holder was told: it has the lease from then until then, or has given it back. */
    private record Told(long fence, Instant at, Instant until, boolean acquired, boolean released) {}

    static List<Long> seeds() {
        return new Random(20261121).longs(Soak.count(4, 60)).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldNeverBeFreeWhileItsHolderRenewsIt(long seed) throws Exception {
        // Given
        ConcurrentLinkedQueue<Told> log = new ConcurrentLinkedQueue<>();
        // When
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> holders = new ArrayList<>();
            for (int i = 0; i < HOLDERS; i++) {
                Random random = new Random(seed + i);
                holders.add(threads.submit(() -> hold(random, log)));
            }
            for (Future<?> holder : holders) {
                holder.get();
            }
        }
        // Then
        List<Told> told = log.stream()
                .sorted(java.util.Comparator.comparingLong(Told::fence).thenComparing(Told::at))
                .toList();
        Instant busyUntil = Instant.MIN;
        long fence = 0;
        for (Told one : told) {
            if (one.acquired()) {
                assertThat(one.fence()).as("fences only rise").isGreaterThan(fence);
                assertThat(one.at())
                        .as("fence %d was given out while the one before it held the lease", one.fence())
                        .isAfterOrEqualTo(busyUntil);
                fence = one.fence();
                busyUntil = one.until();
            } else {
                assertThat(one.fence()).isEqualTo(fence);
                busyUntil = one.released() ? one.at() : one.until();
            }
        }
        assertThat(told).anyMatch(Told::acquired).anyMatch(one -> !one.acquired());
    }

    @AfterAll
    static void report() {
        Soak.report(
                "leases",
                "Holders that take, renew, give back and forget one lease at random; no lease was free while its holder renewed it, and fences only rose.",
                Map.of("schedules", seeds().size(), "holders", HOLDERS, "steps of each holder", STEPS));
    }

    private void hold(Random random, ConcurrentLinkedQueue<Told> log) {
        Scope scope = Scope.of("main", "system:supervisor", "property");
        Optional<Wake.Run> mine = Optional.empty();
        for (int step = 0; step < STEPS; step++) {
            Optional<Wake.Run> now = mine;
            int what = random.nextInt(10);
            // A real pause, so that leases run out: it is the time of the database that is under test.
            LockSupport.parkNanos(random.nextInt(20_000_000));
            if (now.isEmpty()) {
                UUID run = UUID.randomUUID();
                mine = sql.tx(
                        scope,
                        tx -> leases.acquire(tx, "operator", run, LENGTH).map(fence -> {
                            log.add(new Told(fence, acquiredAt(tx), end(tx), true, false));
                            return new Wake.Run(run, fence);
                        }));
            } else if (what < 7) {
                mine = sql.tx(
                        scope,
                        tx -> leases.renew(tx, "operator", now.get(), LENGTH).map(until -> {
                            log.add(new Told(now.get().fence(), until.minus(LENGTH), until, false, false));
                            return now.get();
                        }));
            } else if (what < 9) {
                sql.run(scope, tx -> {
                    Instant before = Times.instant(
                            tx.query("SELECT clock_timestamp() AS now")
                                    .iterator()
                                    .next(),
                            "now");
                    if (leases.release(tx, "operator", now.get())) {
                        log.add(new Told(now.get().fence(), before, before, false, true));
                    }
                });
                mine = Optional.empty();
            } else {
                // Forgets it, as a process that dies does.
                mine = Optional.empty();
            }
        }
    }

    private static Instant end(Tx tx) {
        return Times.instant(
                tx.query("SELECT expires_at FROM leases WHERE role = 'operator'")
                        .iterator()
                        .next(),
                "expires_at");
    }

    private static Instant acquiredAt(Tx tx) {
        return end(tx).minus(LENGTH);
    }
}

package org.capitania.registry.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program has nothing of ours and ends with all it started. */
class ProgramRunTest {
    @TempDir
    Path directory;

    @Test
    void shouldGiveNothingOfOurEnvironment() {
        ProgramRun.Ending ending = run(Duration.ofSeconds(10), 10_000, "/usr/bin/env");
        assertThat(ending.out().lines()).containsExactlyInAnyOrder("PATH=" + ProgramRun.PATH, "LANG=C.UTF-8", "X=y");
        assertThat(ending.exit()).isZero();
        assertThat(run(Duration.ofSeconds(10), 10_000, "/bin/cat").out()).isEmpty();
    }

    @Test
    void shouldKillAllItStartedWhenItsTimeIsOver() throws IOException {
        // When: one child waits, another's parent is gone already
        ProgramRun.Ending ending = run(
                Duration.ofMillis(700),
                10_000,
                "/bin/sh",
                "-c",
                "echo $$ > pids; (sleep 300 & echo $! >> pids; sleep 0.3) & sleep 300");
        // Then
        assertThat(ending.late()).isTrue();
        assertThat(ending.exit()).isEqualTo(-1);
        List<Long> pids = Files.readAllLines(directory.resolve("pids")).stream()
                .map(Long::valueOf)
                .toList();
        assertThat(pids).hasSize(2);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> pids.stream()
                        .noneMatch(pid -> ProcessHandle.of(pid)
                                .filter(ProcessHandle::isAlive)
                                .isPresent()));
    }

    @Test
    void shouldEndAProgramThatSaysTooMuch() {
        ProgramRun.Ending ending = run(Duration.ofSeconds(30), 1000, "/usr/bin/yes");
        assertThat(ending.cut()).isTrue();
        assertThat(ending.late()).isFalse();
        assertThat(ending.out()).hasSize(1000);
    }

    @Test
    void shouldHearWhatAProgramSaidWhenItEndedBeforeAnybodyListened() {
        // Given: nobody who listens gets a turn while the program runs
        AtomicBoolean busy = new AtomicBoolean(true);
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            Thread.ofVirtual().start(() -> {
                while (busy.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        CompletableFuture.delayedExecutor(400, TimeUnit.MILLISECONDS).execute(() -> busy.set(false));
        // When
        ProgramRun.Ending ending = run(Duration.ofSeconds(10), 10_000, "/bin/echo", "all of it");
        // Then
        assertThat(ending.exit()).isZero();
        assertThat(ending.out()).isEqualTo("all of it\n");
    }

    private ProgramRun.Ending run(Duration limit, int output, String... argv) {
        return new ProgramRun(limit, output).run(List.of(argv), directory, Map.of("X", "y"));
    }
}

package org.capitania.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostmasterTest {
    @TempDir
    Path data;

    private Postmaster pidFileOf(long pid) throws IOException {
        Files.writeString(data.resolve("postmaster.pid"), pid + "\n" + data + "\n1700000000\n15432\n\n127.0.0.1\n");
        return Postmaster.of(data).orElseThrow();
    }

    @Test
    void shouldTakeAnotherProgramsPidForStale() throws Exception {
        assertThat(pidFileOf(ProcessHandle.current().pid()).alive()).isFalse();
        assertThat(pidFileOf(4_194_305L).alive()).isFalse();
        assertThat(pidFileOf(1).port()).isEqualTo(15432);
    }

    @Test
    void shouldTakeAZombieForStale() throws Exception {
        // Given a process that ends when its parent has become a program which reaps nobody
        Process parent = new ProcessBuilder("sh", "-c", "sleep 1 & echo $!; exec sleep 60").start();
        try {
            long zombie = Long.parseLong(parent.inputReader().readLine());
            org.awaitility.Awaitility.await()
                    .until(() -> Files.readString(Path.of("/proc/" + zombie + "/stat"))
                            .contains(") Z"));

            assertThat(pidFileOf(zombie).alive()).isFalse();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void shouldSeeALiveServer() throws Exception {
        Path shell = Files.createSymbolicLink(data.resolve("postgres"), Path.of("/bin/sh"));
        Process server = new ProcessBuilder(shell.toString(), "-c", "read x", data.toString()).start();
        try {
            assertThat(pidFileOf(server.pid()).alive()).isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void shouldMakeNothingOfAFileThatIsNotOne() throws Exception {
        Files.writeString(data.resolve("postmaster.pid"), "");
        assertThat(Postmaster.of(data)).isEmpty();
    }
}

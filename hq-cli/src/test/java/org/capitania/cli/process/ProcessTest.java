package org.capitania.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.capitania.cli.home.Home;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTest {
    @TempDir
    Path directory;

    private ProcessId spawn(String script) {
        return new Spawn(
                        List.of("sh", "-c", script),
                        Map.of("PATH", "/usr/bin:/bin", "GREETING", "good morning"),
                        directory,
                        directory.resolve("log"))
                .start();
    }

    @Test
    void shouldNotTakeALaterProcessForTheOneItKnew() {
        ProcessId self = ProcessId.of(ProcessHandle.current().pid()).orElseThrow();
        ProcessId recycled = new ProcessId(self.pid(), "1@another-boot");

        assertThat(self.alive()).isTrue();
        assertThat(recycled.alive()).isFalse();

        // When: these would end this JVM if the number alone counted
        recycled.terminate();
        recycled.kill();
    }

    @Test
    void shouldGiveAProcessItsOwnSessionLogAndNothingButItsEnvironment() throws IOException {
        ProcessId process = spawn("echo \"$GREETING [$HOME]\"; exec sleep 60");
        try {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(Files.readString(directory.resolve("log")))
                            .isEqualTo("good morning []\n"));
            // the fourth field behind the name is the session: its own
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]).isEqualTo(Long.toString(process.pid()));
        } finally {
            process.kill();
        }
        Awaitility.await().until(() -> !process.alive());
    }

    @Test
    void shouldFindTheProcessByItsFileUntilItIsGone() {
        Home home = new Home(directory);
        home.create();
        PidFile file = PidFile.of(home, "sleeper");
        assertThat(file.alive()).isEmpty();

        ProcessId process = spawn("exec sleep 60");
        file.write(process);
        assertThat(PidFile.of(home, "sleeper").alive()).contains(process);

        process.terminate();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> file.alive().isEmpty());
        assertThat(file.read()).contains(process);
    }

    @Test
    void shouldTakeAHalfWrittenFileForNone() throws IOException {
        Home home = new Home(directory);
        home.create();
        Files.writeString(home.run().resolve("x.pid"), "{\"pid\":12");

        assertThat(PidFile.of(home, "x").alive()).isEmpty();
    }

    @Test
    void shouldMeasureMemory() {
        assertThat(Memory.resident(ProcessHandle.current().pid()).orElse(0)).isGreaterThan(10_000_000);
        assertThat(Memory.available().orElse(0)).isGreaterThan(10_000_000);
    }

    @Test
    void shouldNotTakeCachedFilesForMemoryThatIsInUse() throws IOException {
        Files.writeString(directory.resolve("memory.max"), "1000\n");
        Files.writeString(directory.resolve("memory.current"), "900\n");
        Files.writeString(directory.resolve("memory.stat"), "anon 200\ninactive_file 600\nactive_file 50\n");
        assertThat(Memory.leftInGroup(directory)).hasValue(700);
        Files.writeString(directory.resolve("memory.max"), "max\n");
        assertThat(Memory.leftInGroup(directory)).isEmpty();
    }
}

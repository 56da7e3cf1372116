package org.capitania.supervisor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
    @TempDir
    Path files;

    private AvailableMemory memory;

    @BeforeEach
    void point() {
        memory = new AvailableMemory(new MemoryConfig() {
            @Override
            public int leastMb() {
                return 600;
            }

            @Override
            public Path cgroup() {
                return files;
            }

            @Override
            public Path meminfo() {
                return files.resolve("meminfo");
            }
        });
    }

    @Test
    void shouldTakeWhatTheMachineHasWhenTheGroupHasNoLimit() throws IOException {
        // Given
        Files.writeString(files.resolve("meminfo"), "MemTotal: 8000000 kB\nMemAvailable:    1048576 kB\n");
        Files.writeString(files.resolve("memory.max"), "max\n");
        // Then
        assertThat(memory.megabytes()).hasValue(1024);
        assertThat(memory.shortage()).isNull();
    }

    @Test
    void shouldTakeWhatTheGroupLeavesWithItsCacheWhenThatIsLess() throws IOException {
        // Given
        Files.writeString(files.resolve("meminfo"), "MemAvailable: 4194304 kB\n");
        Files.writeString(files.resolve("memory.max"), "1073741824\n");
        Files.writeString(files.resolve("memory.current"), "859832320\n");
        Files.writeString(files.resolve("memory.stat"), "anon 1\ninactive_file 104857600\n");
        // Then
        assertThat(memory.megabytes()).hasValue(304);
        assertThat(memory.shortage()).isEqualTo("memory: 304 MB available, 600 MB needed");
    }

    @Test
    void shouldHoldNothingWhenNothingCanBeRead() {
        assertThat(memory.megabytes()).isEmpty();
        assertThat(memory.shortage()).isNull();
    }
}

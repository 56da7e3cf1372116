package org.capitania.supervisor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
    @TempDir
    Path files;

    private MemoryFiles machine;
    private AvailableMemory memory;

    @BeforeEach
    void point() {
        machine = new MemoryFiles(files);
        memory = new AvailableMemory(machine);
    }

    @Test
    void shouldTakeWhatTheMachineHasWhenTheGroupHasNoLimit() throws IOException {
        machine.meminfo("MemTotal: 8000000 kB\nMemAvailable:    1048576 kB\n");
        machine.group("", "max", "859832320");

        assertThat(memory.megabytes()).hasValue(1024);
    }

    @Test
    void shouldTakeWhatTheGroupLeavesWithItsCacheWhenThatIsLess() throws IOException {
        machine.meminfo("MemAvailable: 4194304 kB\n");
        machine.group("", "1073741824", "859832320");
        machine.write("memory.stat", "anon 1\ninactive_file 104857600\n");

        assertThat(memory.megabytes()).hasValue(304);
    }

    @Test
    void shouldTakeTheTightestOfItsOwnGroupAndThoseAbove() throws IOException {
        machine.meminfo("MemAvailable: 4194304 kB\n");
        machine.write("self", "1:name=old:/elsewhere\n0::/system.slice/capitania.service\n");
        machine.group("system.slice/capitania.service", "max", "104857600");
        machine.group("system.slice", "536870912", "104857600");

        assertThat(memory.megabytes()).as("the slice's limit").hasValue(412);

        machine.group("system.slice/capitania.service", "209715200", "104857600");
        assertThat(memory.megabytes()).as("its own limit").hasValue(100);
    }

    @Test
    void shouldReadTheMountWhenItsGroupLiesOutside() throws IOException {
        machine.write("self", "0::/../../another/container\n");
        machine.group("", "209715200", "104857600");

        assertThat(memory.megabytes()).hasValue(100);
    }

    @Test
    void shouldPassOverWhatIsNoNumber() throws IOException {
        machine.meminfo("MemAvailable: a lot\nMemAvailable\nSwapTotal: 99999999999999999999 kB\n");
        machine.group("", "2097152000", "");
        machine.write("memory.stat", "inactive_file\n");
        assertThat(memory.megabytes()).isEmpty();
        assertThat(memory.swapMegabytes()).isEmpty();

        machine.group("", "209715200", "104857600");
        machine.write("memory.stat", "inactive_file none\n");
        assertThat(memory.megabytes()).hasValue(100);
    }

    @Test
    void shouldSayNothingWhenNothingCanBeRead() {
        assertThat(memory.megabytes()).isEmpty();
        assertThat(memory.swapMegabytes()).isEmpty();
    }
}

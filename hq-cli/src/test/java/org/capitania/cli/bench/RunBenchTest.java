package org.capitania.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunBenchTest {
    @TempDir
    Path directory;

    @Test
    void shouldSayHowTheBenchmarksAreBuiltWhenTheyAreNot() throws IOException {
        try (CannedFleet fleet = CannedFleet.in(directory)) {
            Result result = fleet.hq("bench", "search", "--quick");

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("the benchmarks are not built", "hq build");
            assertThat(result.out()).isEmpty();
        }
    }
}

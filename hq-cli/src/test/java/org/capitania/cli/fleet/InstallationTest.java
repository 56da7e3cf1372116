package org.capitania.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    @TempDir
    Path directory;

    private Installation installation;
    private Path built;

    @BeforeEach
    void build() throws IOException {
        installation = new Installation(directory.resolve("dist"));
        built = Files.createDirectories(directory.resolve("target/quarkus-app"));
        Files.createDirectories(built.resolve("lib"));
        Files.writeString(built.resolve("quarkus-run.jar"), "run");
        Files.writeString(built.resolve("lib/library.jar"), "library");
    }

    @Test
    void shouldKeepTheCopyOfARunningProgramWhileTheBuildMakesAnother() throws IOException {
        Path first = installation.install("graph-service", built);
        Process running = new ProcessBuilder("sh", "-c", "sleep 60 & wait", first.toString()).start();
        try {
            Files.writeString(built.resolve("quarkus-run.jar"), "run, changed");
            Path second = installation.install("graph-service", built);

            assertThat(second).isNotEqualTo(first);
            assertThat(first.resolve("quarkus-run.jar")).hasContent("run");
            assertThat(second.resolve("quarkus-run.jar")).hasContent("run, changed");
        } finally {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    @Test
    void shouldDeleteCopiesThatNothingRunsFrom() throws IOException {
        Path first = installation.install("graph-service", built);
        Files.writeString(built.resolve("quarkus-run.jar"), "run, changed");

        Path second = installation.install("graph-service", built);

        assertThat(first).doesNotExist();
        assertThat(second).isDirectory();
        try (Stream<Path> files = Files.walk(directory.resolve("dist/files"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    @Test
    void shouldAnswerTheSameCopyForTheSameContentBuiltAgain() throws IOException {
        Path first = installation.install("graph-service", built);
        Files.setLastModifiedTime(built.resolve("quarkus-run.jar"), FileTime.fromMillis(1));

        assertThat(installation.install("graph-service", built)).isEqualTo(first);
    }

    @Test
    void shouldStoreEqualFilesOnce() throws IOException {
        Path one = installation.install("graph-service", built);
        Path two = installation.installFiles("hq-infra", List.of(built.resolve("lib/library.jar")));

        assertThat(Files.getAttribute(one.resolve("lib/library.jar"), "unix:ino"))
                .isEqualTo(Files.getAttribute(two.resolve("library.jar"), "unix:ino"));
    }
}

package org.capitania.registry.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever changes a file is alone with it, among all processes that have the same files. */
class WorkspacesTest {
    @TempDir
    Path root;

    /** Another process: it takes the lock, says so, and lets go when nobody speaks to it any more. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            try (FileChannel lock =
                    FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                System.out.println("held");
                while (System.in.read() >= 0) {
                    // It says nothing worth hearing.
                }
            }
        }
    }

    @Test
    void shouldWaitWhenAnotherProcessChangesAFile() throws Exception {
        Workspaces workspaces = new Workspaces(() -> root);
        Path lock = Files.createDirectories(root.resolve(".staging")).resolve(Workspaces.LOCK);
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            // When
            CompletableFuture<Boolean> write = CompletableFuture.supplyAsync(() -> workspaces.write(
                    "main", workspace -> workspace.replace(FilePath.of("a.md"), null, new byte[] {'a'})));
            // Then
            assertThat(isOver(write)).isFalse();
            other.getOutputStream().close();
            assertThat(write.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(root.resolve("main/a.md")).hasContent("a");
        } finally {
            other.destroyForcibly();
        }
    }

    private static boolean isOver(CompletableFuture<Boolean> write) throws Exception {
        try {
            write.get(300, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            // That is what is asked.
            return false;
        }
    }
}

package org.capitania.registry.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
            AtomicReference<Thread> writer = new AtomicReference<>();
            CompletableFuture<Boolean> write = CompletableFuture.supplyAsync(
                    () -> workspaces.write(
                            "main", workspace -> workspace.replace(FilePath.of("a.md"), null, new byte[] {'a'})),
                    task -> writer.set(Thread.ofPlatform().start(task)));
            // Then: it comes as far as the lock, and no further
            await().until(() -> write.isDone() || waitsForTheLock(writer.get()));
            assertThat(write).isNotDone();
            assertThat(root.resolve("main/a.md")).doesNotExist();
            other.getOutputStream().close();
            assertThat(write.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(root.resolve("main/a.md")).hasContent("a");
        } finally {
            other.destroyForcibly();
        }
    }

    /** In the system's call, which does not return before it has it. */
    private static boolean waitsForTheLock(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith("sun.nio.ch.")
                        && frame.getMethodName().startsWith("lock0"));
    }
}

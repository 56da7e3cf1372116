package org.capitania.agentruntime.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a workspace's files are read from; a name is relative and uses forward slashes. */
public interface WorkspaceFiles {
    Optional<String> read(String name);

    /** The files that were built into the agent, below {@code workspace/} on the class path. */
    static WorkspaceFiles onClassPath(ClassLoader loader) {
        return name -> {
            try (InputStream in = loader.getResourceAsStream("workspace/" + name)) {
                return in == null ? Optional.empty() : Optional.of(text(in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** The files of a folder; what it lacks is taken from {@code fallback}. A name that leads out of the folder is not found. */
    static WorkspaceFiles inFolder(Path folder, WorkspaceFiles fallback) {
        Path root = folder.toAbsolutePath().normalize();
        return name -> {
            Path file = root.resolve(name).normalize();
            if (!file.startsWith(root)) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(file)) {
                return fallback.read(name);
            }
            try {
                return Optional.of(text(Files.readAllBytes(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}

package org.capitania.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.capitania.contract.Json;
import org.capitania.embedded.Leash;
import org.jspecify.annotations.Nullable;

/**
 * What one test JVM starts once. Quarkus loads test classes by more than one class loader, so that a static field is not
 * once per JVM; a system property is.
 */
final class SharedState {
    private SharedState() {}

    /** The value kept under the name; made and kept by the first who asks. */
    static <T> T once(String name, Class<T> type, Supplier<T> start) {
        String property = "capitania.testkit." + name;
        synchronized (System.getProperties()) {
            String known = System.getProperty(property);
            if (known != null) {
                return Json.read(known, type);
            }
            T made = start.get();
            JsonNode tree = Json.tree(made);
            System.setProperty(property, tree.toString());
            return made;
        }
    }

    /** Puts another value under the name, or none; returns what stood there. */
    static @Nullable String swap(String name, @Nullable String json) {
        String property = "capitania.testkit." + name;
        synchronized (System.getProperties()) {
            return json == null ? System.clearProperty(property) : System.setProperty(property, json);
        }
    }

    /** A new directory, gone when this JVM is. */
    static Path directory(String name) {
        Path root = Path.of(once("directory", String.class, SharedState::root));
        try {
            return Files.createTempDirectory(root, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String root() {
        Path root = serverDirectory("test");
        try {
            Leash.tie(
                    new ProcessBuilder("setsid", "sh", "-c", "cat >/dev/null; rm -rf -- \"$1\"", "sh", root.toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
            return root.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new directory that every user may enter, since the database does not run as root; its server deletes it. */
    static Path serverDirectory(String name) {
        try {
            Path directory = Files.createTempDirectory("capitania-" + name + "-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.capitania.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.capitania.contract.Json;

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

    /** A new directory that every user may enter, since the database does not run as root. */
    static Path directory(String prefix) {
        try {
            Path directory = Files.createTempDirectory("capitania-" + prefix + "-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.capitania.embedded.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.capitania.contract.Json;

/** A file that exists exactly while the process is ready; written whole or not at all. */
final class ReadyFile {
    private final Path file;

    ReadyFile(Path file) {
        this.file = file;
    }

    void write(Map<String, Object> content) {
        try {
            Files.createDirectories(file.getParent() == null ? Path.of(".") : file.getParent());
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.write(part, Json.bytes(content));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

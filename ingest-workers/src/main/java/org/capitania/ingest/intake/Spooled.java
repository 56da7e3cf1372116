package org.capitania.ingest.intake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mail on disk while it is read.
 *
 * @param size of all that was sent, also when it is more than what is kept
 * @param complete whether the file holds all of it
 */
record Spooled(Path file, String sha256, long size, boolean complete) implements AutoCloseable {
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

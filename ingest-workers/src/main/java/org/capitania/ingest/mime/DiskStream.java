package org.capitania.ingest.mime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file whose read errors are unchecked, so that no reader above mistakes a failing disk for a malformed mail. */
final class DiskStream extends InputStream {
    private final InputStream in;

    private DiskStream(InputStream in) {
        this.in = in;
    }

    static DiskStream open(Path file) {
        try {
            return new DiskStream(new BufferedInputStream(Files.newInputStream(file), 16 * 1024));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read() {
        try {
            return in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

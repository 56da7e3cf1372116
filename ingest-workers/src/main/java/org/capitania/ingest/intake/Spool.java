package org.capitania.ingest.intake;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.capitania.ingest.mime.Sha256;

/** Writes what comes in to disk and takes its hash on the way; nothing larger than a buffer is in memory. */
@ApplicationScoped
class Spool {
    private static final String PREFIX = "hq-mail-";

    private final Path directory;
    private final long largestMessage;

    Spool(IntakeConfig config) {
        directory = config.spool().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
        largestMessage = config.largestMessage().asLongValue();
        config.spool().ifPresent(Spool::clean);
    }

    /** What a killed process left; the mails in there were never acknowledged. */
    private static void clean(Path directory) {
        try {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Spooled take(InputStream in) throws IOException {
        Path file = Files.createTempFile(directory, PREFIX, ".eml");
        boolean done = false;
        try (OutputStream out = Files.newOutputStream(file)) {
            Sha256 sha256 = new Sha256();
            byte[] buffer = new byte[16 * 1024];
            long size = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
                size += n;
                if (size <= largestMessage) {
                    out.write(buffer, 0, n);
                }
            }
            done = true;
            return new Spooled(file, sha256.hex(), size, size <= largestMessage);
        } finally {
            if (!done && !file.toFile().delete()) {
                Log.warnf("a spooled mail could not be removed file=%s", file.getFileName());
            }
        }
    }
}

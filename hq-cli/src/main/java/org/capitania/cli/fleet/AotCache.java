package org.capitania.cli.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.capitania.cli.home.Home;

/**
 * The JDK's cache of loaded and linked classes of one installed program, for one JDK and one set of flags. The JVM itself checks that
 * it fits and goes on without it when it does not.
 */
final class AotCache {
    private static final long SMALLEST = 1_000_000;

    private final Path file;

    private AotCache(Path file) {
        this.file = file;
    }

    /** The cache in an installed program's directory. */
    static AotCache of(Path installed, Jvm jvm, List<String> flags) {
        CRC32C key = new CRC32C();
        key.update(
                (jvm.home() + "\n" + jvm.version() + "\n" + String.join(" ", flags)).getBytes(StandardCharsets.UTF_8));
        String name = HexFormat.of().toHexDigits((int) key.getValue());
        return new AotCache(installed.resolve("aot").resolve(name + ".aot"));
    }

    Path file() {
        return file;
    }

    boolean exists() {
        try {
            return Files.exists(file) && Files.size(file) > SMALLEST;
        } catch (IOException e) {
            return false;
        }
    }

    /** The file a training run writes; it becomes the cache by {@link #keep}. */
    Path training() {
        return file.resolveSibling(file.getFileName() + ".training");
    }

    /** Takes what the training run wrote; false when it wrote nothing of use. */
    boolean keep() {
        try {
            if (!Files.exists(training()) || Files.size(training()) < SMALLEST) {
                Files.deleteIfExists(training());
                return false;
            }
            Files.move(training(), file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep " + file, e);
        }
    }

    /** The flag to run with: the cache's when there is one. */
    List<String> flag() {
        return exists() ? List.of("-XX:AOTCache=" + file) : List.of();
    }

    /** The flag of a training run. */
    List<String> trainingFlag() {
        try {
            Files.createDirectories(Home.parent(file));
            Files.deleteIfExists(training());
            Files.deleteIfExists(training().resolveSibling(training().getFileName() + ".config"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + file, e);
        }
        return List.of("-XX:AOTCacheOutput=" + training());
    }
}

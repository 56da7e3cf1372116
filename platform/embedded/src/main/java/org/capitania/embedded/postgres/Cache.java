package org.capitania.embedded.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.capitania.embedded.MachineProblem;

/** Where unpacked and built files are kept for all checkouts of one user. */
final class Cache {
    private static final Path SYSTEM_WIDE = Path.of("/var/cache/capitania");

    private Cache() {}

    /**
     * The first of {@code HQ_CACHE_DIR}, {@code $XDG_CACHE_HOME/capitania}, {@code ~/.cache/capitania} and {@code
     * /var/cache/capitania} that can be written and that the server's user can enter ({@code /root} usually cannot).
     */
    static Path directory(ServerUser user) {
        Set<Path> candidates = new LinkedHashSet<>();
        env("HQ_CACHE_DIR").map(Path::of).ifPresent(candidates::add);
        candidates.add(env("XDG_CACHE_HOME")
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("capitania"));
        if (ServerUser.isRoot()) {
            candidates.add(SYSTEM_WIDE);
        }
        for (Path candidate : candidates) {
            if (usable(candidate.toAbsolutePath(), user)) {
                return candidate.toAbsolutePath();
            }
        }
        throw new MachineProblem(
                MachineProblem.Kind.NO_PERMISSION,
                "no cache directory is usable: " + candidates + " must be writable here and enterable by user "
                        + user.name().orElse(System.getProperty("user.name")) + "; set HQ_CACHE_DIR to one that is");
    }

    private static boolean usable(Path dir, ServerUser user) {
        try {
            if (!Files.isDirectory(dir)) {
                if (!user.canEnter(nearestExisting(dir))) {
                    return false;
                }
                Files.createDirectories(dir);
                Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return Files.isWritable(dir) && user.canEnter(dir);
        } catch (IOException e) {
            return false;
        }
    }

    private static Path nearestExisting(Path dir) {
        for (Path path = dir; path != null; path = path.getParent()) {
            if (Files.exists(path)) {
                return path;
            }
        }
        return Path.of("/");
    }

    private static Optional<String> env(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}

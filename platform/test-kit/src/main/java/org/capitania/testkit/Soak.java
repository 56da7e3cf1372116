package org.capitania.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** How much a test does: a little with {@code ./hq test}, the full counts with {@code ./hq test --soak}, whose figures are kept. */
public final class Soak {
    private Soak() {}

    public static boolean running() {
        return Boolean.getBoolean("soak");
    }

    /** One count for every day, another for the soak. */
    public static int count(int quick, int full) {
        return running() ? full : quick;
    }

    /** Keeps the figures of a soak in {@code docs/soak/<name>.md}; does nothing otherwise. */
    public static void report(String name, String what, Map<String, ?> figures) {
        if (!running()) {
            return;
        }
        StringBuilder page = new StringBuilder(
                "# " + name + "\n\n" + what + "\n\nBy `./hq test --soak`.\n\n| figure | value |\n|---|---|\n");
        figures.forEach((figure, value) ->
                page.append("| ").append(figure).append(" | ").append(value).append(" |\n"));
        try {
            Path directory = Files.createDirectories(root().resolve("docs").resolve("soak"));
            Files.writeString(directory.resolve(name + ".md"), page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The root of the checkout. */
    static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "not inside the checkout: no .mvn above " + Path.of("").toAbsolutePath());
    }
}

package org.capitania.ingest.mime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The mails in the test resources. */
public final class Corpus {
    private Corpus() {}

    public static Path directory() {
        try {
            var url = Corpus.class.getResource("/corpus/01-plain-customer.eml");
            if (url == null) {
                throw new IllegalStateException("the corpus is not on the class path");
            }
            return Path.of(url.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Path file(String name) {
        return directory().resolve(name);
    }

    public static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> mails() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(f -> !f.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Reading read(Path file) {
        try {
            return MailParser.read(file, Sha256.of(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

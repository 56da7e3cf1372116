package org.capitania.ingest.intake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** Domains that say nothing about whom their people work for; {@code free-mail-domains.txt} is the list. */
final class FreeMail {
    private static final Set<String> DOMAINS = read();

    private FreeMail() {}

    static boolean is(String domain) {
        return DOMAINS.contains(domain);
    }

    private static Set<String> read() {
        try (InputStream in = FreeMail.class.getResourceAsStream("/free-mail-domains.txt")) {
            if (in == null) {
                throw new IllegalStateException("free-mail-domains.txt is missing");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

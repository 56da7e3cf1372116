package org.capitania.approval.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.CRC32;

/** The style and the script; their addresses change with their content, so that no browser shows an old one. */
@ApplicationScoped
class Assets {
    private static final List<String> FILES = List.of("console.css", "console.js");

    private final String version = read();

    String version() {
        return version;
    }

    private static String read() {
        CRC32 crc = new CRC32();
        for (String file : FILES) {
            try (InputStream in = Assets.class.getResourceAsStream("/META-INF/resources/assets/" + file)) {
                if (in == null) {
                    throw new IllegalStateException("the console's " + file + " is missing");
                }
                crc.update(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Long.toHexString(crc.getValue());
    }
}

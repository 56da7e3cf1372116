package org.capitania.registry.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published is what the catalogue says. With {@code -Dhq.publish} it writes the files instead of comparing them. */
class PublishedCatalogueTest {
    private static final String COMMAND =
            "./mvnw -q test -pl tool-registry -am -Dtest=PublishedCatalogueTest -Dsurefire.failIfNoSpecifiedTests=false -Dhq.publish";

    @ParameterizedTest
    @ValueSource(strings = {"docs/tools.md", "schemas/tools.json"})
    void shouldBeWhatTheCatalogueSays(String name) throws IOException {
        PublishedCatalogue published = new PublishedCatalogue(Definitions.catalogue());
        String now = name.endsWith(".md") ? published.markdown() : published.json();
        Path file = Path.of("..").resolve(name);
        if (System.getProperty("hq.publish") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, now);
        }
        assertThat(Files.exists(file) ? Files.readString(file).replace("\r\n", "\n") : "")
                .as("%s is not what the tools' files say; write it anew with: %s", name, COMMAND)
                .isEqualTo(now);
    }
}

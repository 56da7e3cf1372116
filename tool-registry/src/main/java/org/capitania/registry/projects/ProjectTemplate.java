package org.capitania.registry.projects;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The six files of a project's workspace, with places for what the graph knows of it. */
final class ProjectTemplate {
    private static final List<String> FILES = List.of(
            "CLAUDE.md", "customer-profile.md", "domain-knowledge.md", "playbook.md", "personality.md", "MEMORY.md");
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z_]+)}}");

    private final Map<String, String> texts = new LinkedHashMap<>();

    ProjectTemplate() {
        FILES.forEach(file -> texts.put(file, read(file)));
    }

    /** File name to text. What stands in a value is text, also where it looks like a place. */
    Map<String, String> filled(Map<String, String> values) {
        Map<String, String> filled = new LinkedHashMap<>();
        texts.forEach((file, text) -> filled.put(file, PLACE.matcher(text).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalStateException("nothing fills {{" + place.group(1) + "}} of " + file);
            }
            return Matcher.quoteReplacement(value);
        })));
        return filled;
    }

    private static String read(String file) {
        try (InputStream in = ProjectTemplate.class.getResourceAsStream("/workspaces/project/" + file)) {
            if (in == null) {
                throw new IllegalStateException("workspaces/project/" + file + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

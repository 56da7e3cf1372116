package org.capitania.registry.curation;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.jspecify.annotations.Nullable;

/** The most each role can be granted: the reviewed file {@code curation.json}. A name in it that no tool has stops the start. */
public final class Ceilings {
    /** The star stands for every action of a tool. */
    static final String EVERY_ACTION = "*";

    /** Outside clients that have no entry of their own. */
    static final String ANY_CLIENT = "client:*";

    private record File(
            @Nullable String comment, Map<String, Set<String>> base, Map<String, Map<String, Set<String>>> roles) {}

    private final File file;

    private Ceilings(File file) {
        this.file = file;
    }

    /** Reads {@code /curation.json} and holds it against the catalogue. */
    public static Ceilings load(Catalogue catalogue) {
        try (InputStream in = Ceilings.class.getResourceAsStream("/curation.json")) {
            if (in == null) {
                throw new IllegalStateException("curation.json is missing");
            }
            Ceilings ceilings = new Ceilings(Json.MAPPER.readValue(in, File.class));
            ceilings.file
                    .roles()
                    .keySet()
                    .forEach(role ->
                            ceilings.of(role).forEach((tool, actions) -> require(catalogue, role, tool, actions)));
            return ceilings;
        } catch (IOException e) {
            throw new IllegalStateException("curation.json: " + e.getMessage(), e);
        }
    }

    private static void require(Catalogue catalogue, String role, String tool, Set<String> actions) {
        ToolDefinition known = catalogue
                .find(tool)
                .orElseThrow(() -> new IllegalStateException(
                        "curation.json grants " + tool + " to " + role + "; there is no such tool"));
        Set<String> wrong = new TreeSet<>(actions);
        wrong.remove(EVERY_ACTION);
        known.verbs().forEach(verb -> wrong.remove(verb.name()));
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(
                    "curation.json grants " + wrong + " of " + tool + " to " + role + "; it has no such action");
        }
    }

    /** Tool name to actions; nothing for a role that the file does not name, save that a {@code client:…} without an entry has that of any client. */
    public Map<String, Set<String>> of(String role) {
        Map<String, Set<String>> own = file.roles().get(role);
        if (own == null && role.startsWith("client:")) {
            own = file.roles().get(ANY_CLIENT);
        }
        if (own == null) {
            return Map.of();
        }
        Map<String, Set<String>> all = new TreeMap<>();
        file.base().forEach((tool, actions) -> all.put(tool, new TreeSet<>(actions)));
        own.forEach((tool, actions) -> all.put(tool, new TreeSet<>(actions)));
        return all;
    }
}

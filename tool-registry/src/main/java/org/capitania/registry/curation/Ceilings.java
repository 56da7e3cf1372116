package org.capitania.registry.curation;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.reviewed.ReviewedFile;
import org.jspecify.annotations.Nullable;

/** The most each role can be granted: the reviewed file {@code curation.json}. A name in it that no tool has stops the start. */
public final class Ceilings {
    /** The star stands for every action of a tool. */
    static final String EVERY_ACTION = "*";

    /** Outside clients that have no entry of their own. */
    static final String ANY_CLIENT = "client:*";

    private record File(
            @Nullable String comment, Map<String, Set<String>> base, Map<String, Map<String, Set<String>>> roles) {}

    /** Role to tool to actions, what all share included: asked at every call. */
    private final Map<String, Map<String, Set<String>>> roles = new HashMap<>();

    private Ceilings(File file) {
        file.roles().forEach((role, own) -> {
            Map<String, Set<String>> all = new TreeMap<>();
            file.base().forEach((tool, actions) -> all.put(tool, sorted(actions)));
            own.forEach((tool, actions) -> all.put(tool, sorted(actions)));
            roles.put(role, Collections.unmodifiableMap(all));
        });
    }

    /** Tool name to actions of everything that any outside client may be granted. */
    Map<String, Set<String>> ofClients() {
        Map<String, Set<String>> all = new TreeMap<>();
        roles.forEach((role, tools) -> {
            if (role.startsWith("client:")) {
                tools.forEach((tool, actions) ->
                        all.computeIfAbsent(tool, name -> new TreeSet<>()).addAll(actions));
            }
        });
        return all;
    }

    private static Set<String> sorted(Set<String> actions) {
        return Collections.unmodifiableSet(new TreeSet<>(actions));
    }

    /** Reads {@code /curation.json} and holds it against the catalogue. */
    public static Ceilings load(Catalogue catalogue) {
        Ceilings ceilings = new Ceilings(ReviewedFile.read("curation.json", File.class));
        ceilings.roles.forEach(
                (role, tools) -> tools.forEach((tool, actions) -> require(catalogue, role, tool, actions)));
        return ceilings;
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

    /** Tool name to actions; nothing for a role that the file does not name, save that a {@code client:…} without an entry has that of any client, and every project agent the same. */
    public Map<String, Set<String>> of(String role) {
        if (role.startsWith("project:")) {
            return roles.getOrDefault("project", Map.of());
        }
        Map<String, Set<String>> other =
                role.startsWith("client:") ? roles.getOrDefault(ANY_CLIENT, Map.of()) : Map.of();
        return roles.getOrDefault(role, other);
    }
}

package org.capitania.registry.export;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.curation.Ceilings;

/** The catalogue as it stands in the sources, and who may use what of it. */
final class Definitions {
    /** What a project agent is given beside the base set (33.4), of what there is. */
    private static final Set<String> PROJECT =
            Set.of("hq_timeline", "hq_task", "worker_run", "hq_proposal", "hq_examples_find");

    private static final Set<String> BASE = Set.of("hq_search", "hq_describe", "hq_event_log", "hq_tools");

    private Definitions() {}

    static Catalogue catalogue() {
        return Catalogue.load();
    }

    /** The most a role can be granted. */
    static Map<String, Set<String>> ceiling(Catalogue catalogue, String role) {
        Map<String, Set<String>> ceiling = Ceilings.load(catalogue).of(role);
        if (!ceiling.isEmpty() || !role.equals("project")) {
            return ceiling;
        }
        Map<String, Set<String>> project = new TreeMap<>();
        catalogue.all().stream()
                .map(ToolDefinition::name)
                .filter(name -> PROJECT.contains(name) || BASE.contains(name))
                .forEach(name -> project.put(name, Set.of("*")));
        return project;
    }

    static Map<String, Set<String>> everything(Catalogue catalogue) {
        Map<String, Set<String>> all = new TreeMap<>();
        catalogue.all().forEach(tool -> all.put(tool.name(), Set.of("*")));
        return all;
    }
}

package org.capitania.graph.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.contract.api.HistoryEntry.Change;

/** What differs between two versions of a row. */
final class Difference {
    /** They differ by nature in every version, or never. */
    private static final Set<String> BOOKKEEPING =
            Set.of("tenant_id", "id", "version", "created_at", "updated_at", "recorded_at", "props");

    private Difference() {}

    static List<Change> between(JsonNode before, JsonNode after) {
        List<Change> changes = new ArrayList<>();
        for (String name : names(before, after)) {
            if (!BOOKKEEPING.contains(name)) {
                compare(changes, name, before.path(name), after.path(name));
            }
        }
        for (String name : names(before.path("props"), after.path("props"))) {
            compare(
                    changes,
                    "props." + name,
                    before.path("props").path(name),
                    after.path("props").path(name));
        }
        return changes;
    }

    private static void compare(List<Change> changes, String path, JsonNode before, JsonNode after) {
        if (!before.equals(after)) {
            changes.add(new Change(path, before.isMissingNode() ? null : before, after.isMissingNode() ? null : after));
        }
    }

    private static Set<String> names(JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        return names;
    }
}

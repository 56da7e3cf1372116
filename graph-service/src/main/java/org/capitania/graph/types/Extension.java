package org.capitania.graph.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tenant's definition laid over the type that is there; what is the tenant's is marked {@code x-own}, values of lists by {@code x-own-values}. */
final class Extension {
    /** Lists that a definition adds to. */
    static final List<String> LISTS = List.of("x-statuses", "x-priorities", "x-from", "x-to");

    private static final String OWN = "x-own";
    private static final String OWN_VALUES = "x-own-values";

    private Extension() {}

    static ObjectNode of(@Nullable JsonNode there, ObjectNode definition) {
        if (there == null) {
            ObjectNode own = definition.deepCopy();
            own.put("type", "object").put("additionalProperties", false).put(OWN, true);
            return own;
        }
        ObjectNode whole = there.deepCopy();
        ObjectNode props = whole.withObjectProperty("properties");
        definition.path("properties").properties().forEach(prop -> {
            ObjectNode own = prop.getValue().deepCopy();
            props.set(prop.getKey(), own.put(OWN, true));
        });
        for (String list : LISTS) {
            if (definition.has(list)) {
                Set<String> all = new LinkedHashSet<>(Schemas.texts(whole.path(list)));
                all.addAll(Schemas.texts(definition.path(list)));
                ArrayNode array = whole.putArray(list);
                all.forEach(array::add);
                all.removeAll(Schemas.texts(there.path(list)));
                all.forEach(whole.withObjectProperty(OWN_VALUES).putArray(list)::add);
            }
        }
        return whole;
    }
}

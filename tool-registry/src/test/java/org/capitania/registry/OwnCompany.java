package org.capitania.registry;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.NodeView;

/** The company that a test's graph begins with. */
public final class OwnCompany {
    /** Wherever money is asked for, it is this one: the gateway remembers a company's zone, and all tests' days are by it. */
    public static final ZoneId ZONE = ZoneId.of("Europe/Lisbon");

    private OwnCompany() {}

    /** With these props beside its name and its domain. */
    public static NodeView in(FakeGraph graph, Map<String, Object> more) {
        Map<String, Object> props =
                new HashMap<>(Map.of("name", "Mare", "relationship", "own", "domains", List.of("mare.example")));
        props.putAll(more);
        return graph.add("entity", "entity:own-" + UUID.randomUUID(), props);
    }

    /** One that reads Portuguese and works in a time zone. */
    public static NodeView in(FakeGraph graph, ZoneId zone) {
        return in(graph, Map.of("language", "pt", "timezone", zone.getId()));
    }
}

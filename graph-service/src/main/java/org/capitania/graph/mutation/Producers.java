package org.capitania.graph.mutation;

import java.util.Locale;
import org.capitania.contract.Json;

/** The producers that graph-service makes itself: the root of all, and one for each actor that writes without naming a source. */
final class Producers {
    static final String TYPE = "producer";
    private static final String SOURCE = "hq";
    static final ExternalKey ROOT = new ExternalKey(TYPE, SOURCE, "root");

    private Producers() {}

    static ExternalKey ofActor(String actor) {
        return new ExternalKey(TYPE, SOURCE, actor);
    }

    /** Fills a new producer for such a key. */
    static void describe(Draft draft, ExternalKey key) {
        draft.externalSource = key.source();
        draft.externalId = key.id();
        draft.slug = slug(key);
        draft.status = "active";
        draft.props = Json.MAPPER.createObjectNode().put("trust", "internal");
        if (key.equals(ROOT)) {
            draft.props.put("name", "Capitania").put("kind", "internal_worker");
            return;
        }
        draft.props.put("name", key.id()).put("kind", kind(key.id())).put("actor", key.id());
        if (key.id().startsWith("agent:")) {
            draft.props.put("role", key.id().substring("agent:".length()));
        }
    }

    static String slug(ExternalKey key) {
        return "hq:" + key.id().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9:._@-]", "-");
    }

    private static String kind(String actor) {
        if (actor.startsWith("user:")) {
            return "person";
        }
        return actor.startsWith("client:") ? "external_system" : "internal_worker";
    }
}

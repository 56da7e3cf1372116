package org.capitania.graphclient;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which nodes; each call narrows it. */
public final class NodeQuery {
    private final Map<String, Object> parameters;

    private NodeQuery(Map<String, Object> parameters) {
        this.parameters = parameters;
    }

    /** All nodes of a type, archived ones excepted. */
    public static NodeQuery ofType(String type) {
        return new NodeQuery(Map.of("type", type));
    }

    /** All nodes of any type. */
    public static NodeQuery all() {
        return new NodeQuery(Map.of());
    }

    /** The node that has this name elsewhere. */
    public NodeQuery external(String source, String id) {
        return with("external_source", source).with("external_id", id);
    }

    /** Nodes of one of these statuses. */
    public NodeQuery status(String... statuses) {
        return with("status", String.join(",", statuses));
    }

    public NodeQuery priority(String priority) {
        return with("priority", priority);
    }

    /** The nodes that come from one producer, named by its id. */
    public NodeQuery producer(String id) {
        return with("producer", id);
    }

    public NodeQuery tag(String tag) {
        return with("tag", tag);
    }

    /** Nodes whose prop is this value, or holds it where the prop is a list. */
    public NodeQuery prop(String name, String value) {
        return with("prop." + name, value);
    }

    /** Nodes whose prop is a number of at least this. */
    public NodeQuery atLeast(String name, double number) {
        return with("least." + name, BigDecimal.valueOf(number).toPlainString());
    }

    /** Nodes with an edge of this type to a node, named by its id or slug, as it is now. */
    public NodeQuery linkedTo(String edgeType, String ref) {
        return with("to." + edgeType, ref);
    }

    /** Only nodes that derive from outside, or only those that do not. */
    public NodeQuery tainted(boolean tainted) {
        return with("tainted", tainted);
    }

    /** Nodes that hold all these words. */
    public NodeQuery words(String words) {
        return with("q", words);
    }

    /** Archived nodes too. */
    public NodeQuery withArchived() {
        return with("archived", true);
    }

    /** The page after the one whose {@code next} this is. */
    public NodeQuery after(String next) {
        return with("after", next);
    }

    /** At most so many; 50 unless said, 500 at most. */
    public NodeQuery limit(int limit) {
        return with("limit", limit);
    }

    String path() {
        Query query = new Query("/v1/nodes");
        parameters.forEach(query::with);
        return query.path();
    }

    /** The query of {@link #path} alone. */
    String query() {
        String path = path();
        return path.substring(path.indexOf('?') + 1);
    }

    private NodeQuery with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new NodeQuery(more);
    }
}

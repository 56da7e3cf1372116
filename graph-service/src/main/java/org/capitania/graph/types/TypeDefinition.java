package org.capitania.graph.types;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a tenant has defined: a type of its own, or its additions to one that every company has. */
record TypeDefinition(Kind kind, String name, ObjectNode schema) {
    /** What it is a type of. */
    enum Kind {
        NODE,
        EDGE;

        String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}

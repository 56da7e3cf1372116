package org.capitania.graph.mutation;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/** What derives from what came from outside stays marked: a new node inherits the taint of the sources it is linked to when it is made. */
final class Taint {
    private Taint() {}

    /** Marks the new nodes; returns the sources that were clean when they were read and have to be still when it is written. */
    static Set<UUID> spread(Collection<EdgeDraft> edges) {
        Set<UUID> clean = new LinkedHashSet<>();
        boolean again = true;
        while (again) {
            again = false;
            clean.clear();
            for (EdgeDraft edge : edges) {
                Draft source;
                Draft heir;
                switch (edge.type().taint()) {
                    case FROM_INHERITS -> {
                        source = edge.to();
                        heir = edge.from();
                    }
                    case TO_INHERITS -> {
                        source = edge.from();
                        heir = edge.to();
                    }
                    case NONE -> {
                        continue;
                    }
                    default -> throw new IllegalStateException("a new taint flow");
                }
                if (!heir.fresh() || heir.tainted) {
                    continue;
                }
                if (source.tainted) {
                    heir.tainted = true;
                    again = true;
                } else if (!source.fresh()) {
                    clean.add(source.id);
                }
            }
        }
        return clean;
    }
}

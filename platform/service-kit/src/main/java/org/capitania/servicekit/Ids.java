package org.capitania.servicekit;

import java.util.UUID;

/** Makes keys. */
@FunctionalInterface
public interface Ids {
    /** A new UUID, version 7: ordered by time. */
    UUID v7();
}

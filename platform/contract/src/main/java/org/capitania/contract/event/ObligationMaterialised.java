package org.capitania.contract.event;

import java.time.Instant;

/**
 * The next instance of a recurring obligation appeared, since its predecessor was closed ({@code obligation.materialised}, subject: its
 * direction); key: the new expectation.
 */
public record ObligationMaterialised(String id, String slug, String predecessorId, String direction, Instant dueAt) {
    public static final String TYPE = "obligation.materialised";
}

package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * A node moved on: {@code engagement.stage_changed}, {@code feature.status_changed} (subject: the new status); key: the node.
 *
 * @param before absent when it had none
 */
public record StatusChanged(
        String id, String slug, @Nullable String before, String after) {
    public static final String ENGAGEMENT_STAGE = "engagement.stage_changed";
    public static final String FEATURE_STATUS = "feature.status_changed";
}

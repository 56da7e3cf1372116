package org.capitania.watchdog.incidents;

import org.jspecify.annotations.Nullable;

/**
 * What a check says of a subject.
 *
 * @param lasting it is over when the check finds it no more; otherwise it happened, and is over when a person has seen it
 */
public record Report(
        String check,
        String subject,
        boolean lasting,
        Tier tier,
        String detail,
        @Nullable String role,
        @Nullable String taskId) {}

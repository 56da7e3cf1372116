package org.capitania.watchdog.checks;

import org.capitania.watchdog.incidents.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong now.
 *
 * @param subject what it is about, for example {@code service:graph-service}
 * @param stuckRun a run that would better be stopped
 */
record Finding(
        String subject,
        Tier tier,
        String detail,
        @Nullable String role,
        @Nullable String stuckRun) {

    static Finding of(String subject, Tier tier, String detail) {
        return new Finding(subject, tier, detail, null, null);
    }
}

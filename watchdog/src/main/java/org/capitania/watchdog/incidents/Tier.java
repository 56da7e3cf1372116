package org.capitania.watchdog.incidents;

import java.util.Locale;

/** How bad it is (seeds 36); the order is that of severity. */
public enum Tier {
    /** Worth a look. */
    SOFT,
    /** Work stands still; what is going on is stopped. */
    MEDIUM,
    /** A process has to be started again. */
    HARD,
    /** Hard again and again. */
    CRITICAL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}

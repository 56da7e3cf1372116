package org.capitania.watchdog.checks;

import java.time.Duration;
import java.util.List;

/** One thing that is looked at now and then, without a model. */
interface Check {
    /** Its name in incidents and metrics. */
    String name();

    /** How often it looks. */
    Duration every();

    /**
     * What is wrong now for a tenant; empty when all is well. Throws when it cannot tell: then nothing is opened and nothing is cleared.
     */
    List<Finding> look(String tenant);
}

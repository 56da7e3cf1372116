package org.capitania.bench;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Logging as it is in a service. */
final class Logs {
    private Logs() {}

    /** Before anything logs. Without a level the log manager has each record of a trace written out that nobody reads. */
    static void likeAService() {
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        Logger.getLogger("").setLevel(Level.INFO);
    }
}

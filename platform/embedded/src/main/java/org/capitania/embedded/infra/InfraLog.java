package org.capitania.embedded.infra;

import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Log lines of the broker on stderr: warnings and worse, one line each. */
final class InfraLog {
    private static final Logger ROOT = Logger.getLogger("");

    private InfraLog() {}

    static void configure() {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT.%1$tL %4$s %3$s %5$s%6$s%n");
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new SimpleFormatter());
        ROOT.addHandler(console);
        ROOT.setLevel(Level.WARNING);
    }
}

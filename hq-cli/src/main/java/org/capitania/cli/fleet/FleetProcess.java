package org.capitania.cli.fleet;

import java.util.List;
import java.util.Optional;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.process.ProcessId;

/** One process of the fleet: how it is started, seen and stopped. */
interface FleetProcess {
    String name();

    /** Its name with where it listens, for people. */
    String title();

    List<Endpoint> endpoints();

    /** The process, while it lives. */
    Optional<ProcessId> running();

    /** Starts it without waiting until it is ready; nothing happens when it runs. */
    void launch();

    /** Whether it does its work now. */
    boolean ready();

    /** Asks it to end; {@link Stopping} sees to it that it does. */
    void stop();

    /** The last lines it wrote, for when it died. */
    List<String> lastWords();
}

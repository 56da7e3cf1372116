package org.capitania.bench;

import java.io.IOException;
import java.util.Map;
import org.capitania.contract.Service;

/** A running graph-service as the fleet runs it, with a database, a broker and keys of its own; all gone with this process. */
final class GraphProcess implements AutoCloseable {
    static final String TENANT = BenchFleet.TENANT;

    private final BenchFleet fleet = new BenchFleet();

    GraphProcess() {
        fleet.start(Service.GRAPH_SERVICE, "96m");
    }

    BenchPostgres postgres() {
        return fleet.postgres();
    }

    /** Where its broker is. */
    String bootstrap() {
        return fleet.bootstrap();
    }

    Wire connect() throws IOException {
        return fleet.connect(Service.GRAPH_SERVICE);
    }

    /** A token of the owner, good for five minutes. */
    String token() {
        return fleet.token(Service.GRAPH_SERVICE);
    }

    /** What service, database and broker have computed so far. */
    double cpuMillis() {
        return fleet.cpuMillis();
    }

    /** Where a command at a prompt finds this service and its owner's key, and nothing else of a fleet. */
    Map<String, String> atAPrompt() {
        return fleet.atAPrompt(Service.GRAPH_SERVICE);
    }

    @Override
    public void close() {
        fleet.close();
    }
}

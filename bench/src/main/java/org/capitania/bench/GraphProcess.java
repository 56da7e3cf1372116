package org.capitania.bench;

import java.io.IOException;
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

    @Override
    public void close() {
        fleet.close();
    }
}

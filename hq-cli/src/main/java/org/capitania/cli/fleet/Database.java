package org.capitania.cli.fleet;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.Home;
import org.capitania.cli.process.ProcessId;
import org.capitania.embedded.postgres.EmbeddedPostgres;
import org.capitania.embedded.postgres.PostgresBootstrap;

/** PostgreSQL, with roles and schemas in it. */
final class Database implements FleetProcess {
    static final String NAME = "capitania";

    private final EmbeddedPostgres server;
    private final Secrets secrets;
    private final Path log;
    private final int port;

    Database(Home home, int port, Secrets secrets) {
        this.server = new EmbeddedPostgres(
                home.postgres(), home.log("postgres"), port, secrets.database().superuser());
        this.secrets = secrets;
        this.log = home.log("postgres");
        this.port = port;
    }

    @Override
    public String name() {
        return Endpoint.POSTGRES.process();
    }

    @Override
    public String title() {
        return "PostgreSQL on " + port;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.POSTGRES);
    }

    @Override
    public Optional<ProcessId> running() {
        OptionalLong pid = server.pid();
        return pid.isPresent() ? ProcessId.of(pid.getAsLong()) : Optional.empty();
    }

    @Override
    public void launch() {
        server.start();
        PostgresBootstrap.run(server, NAME, secrets.database().roles());
    }

    @Override
    public boolean ready() {
        return Probe.listens(port);
    }

    @Override
    public void stop() {
        server.stop();
    }

    void deleteData() {
        server.deleteData();
    }

    /** A connection to the fleet's database as its superuser. */
    Connection connect() throws SQLException {
        return server.connect(NAME);
    }

    @Override
    public List<String> lastWords() {
        return LogFile.lastLines(log, 10);
    }
}

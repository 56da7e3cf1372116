package org.capitania.testkit;

import java.util.List;
import java.util.Map;
import org.capitania.contract.Service;
import org.capitania.embedded.postgres.EmbeddedPostgres;

/**
 * A real PostgreSQL and a real broker of one test's own, which it may end by SIGKILL and start again on what they had
 * stored; with {@link #close}, or with this JVM, both are gone and their data too.
 */
public final class KillableInfra implements AutoCloseable {
    private final TestPostgres postgres;
    private final EmbeddedPostgres server;
    private final InfraProcess infra = InfraProcess.in(SharedState.directory("broker"));
    private Process broker;

    private KillableInfra(TestPostgres postgres, EmbeddedPostgres server) {
        this.postgres = postgres;
        this.server = server;
        this.broker = infra.start();
    }

    public static KillableInfra start() {
        TestPostgres.Started started = TestPostgres.start();
        return new KillableInfra(started.postgres(), started.server());
    }

    /** What a process of the service is given as system properties. */
    public Map<String, String> config(Service service) {
        return FleetInfra.config(service, postgres, infra.kafka());
    }

    public TestPostgres postgres() {
        return postgres;
    }

    public String bootstrap() {
        return infra.kafka().bootstrap();
    }

    /** SIGKILL for the postmaster and each of its children: nothing is written any more, nobody is told. */
    public void killPostgres() {
        ProcessHandle postmaster = ProcessHandle.of(server.pid().orElseThrow()).orElseThrow();
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Starts the database again and returns when it has recovered. */
    public void startPostgres() {
        server.start();
    }

    /** SIGKILL for the broker. */
    public void killBroker() {
        broker.destroyForcibly().onExit().join();
    }

    /** Starts the broker again and returns when it has recovered and leads its partitions. */
    public void startBroker() {
        broker = infra.start();
    }

    @Override
    public void close() {
        killBroker();
        server.deleteData();
    }
}

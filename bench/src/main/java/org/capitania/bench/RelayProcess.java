package org.capitania.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import org.capitania.outbox.DatabaseConfig;
import org.capitania.outbox.OutboxConfig;
import org.capitania.outbox.Relay;
import org.capitania.outbox.RelayTarget;
import org.capitania.servicekit.CommitListeners;
import org.capitania.servicekit.Loops;

/**
 * Our relay with a service's defaults, without the rest of a service, until its stdin ends. Each byte there is what a commit of the own
 * process is in a service. Arguments: port, database, password of the relay's role, bootstrap, schema, service.
 */
public final class RelayProcess {
    private RelayProcess() {}

    public static void main(String[] args) throws IOException {
        Logs.likeAService();
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(Map.of(
                        "hq.db.host",
                        "127.0.0.1",
                        "hq.db.port",
                        args[0],
                        "hq.db.name",
                        args[1],
                        "hq.db.relay-password",
                        args[2]))
                .withMapping(OutboxConfig.class)
                .withMapping(DatabaseConfig.class)
                .build();
        CommitListeners commits = new CommitListeners();
        Relay relay = new Relay(
                new Loops(),
                Vertx.vertx(),
                Clock.systemUTC(),
                config.getConfigMapping(OutboxConfig.class),
                new RelayTarget(config.getConfigMapping(DatabaseConfig.class), args[4], args[3], args[5]));
        relay.start(new StartupEvent(), commits, new SimpleMeterRegistry());
        byte[] bells = new byte[4096];
        while (System.in.read(bells) >= 0) {
            commits.committed();
        }
        System.exit(0);
    }
}

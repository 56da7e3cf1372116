package org.capitania.outbox;

import io.vertx.pgclient.PgConnectOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** From which schema to which broker the relay of this service carries. */
@ApplicationScoped
public class RelayTarget {
    private final DatabaseConfig database;
    private final String schema;
    private final String bootstrap;
    private final String service;

    public RelayTarget(
            DatabaseConfig database,
            @ConfigProperty(name = "hq.schema") String schema,
            @ConfigProperty(name = "hq.kafka.bootstrap") String bootstrap,
            @ConfigProperty(name = "hq.service") String service) {
        this.database = database;
        this.schema = schema;
        this.bootstrap = bootstrap;
        this.service = service;
    }

    String schema() {
        return schema;
    }

    String bootstrap() {
        return bootstrap;
    }

    String service() {
        return service;
    }

    PgConnectOptions options() {
        return new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(schema + "_relay")
                .setPassword(database.relayPassword().orElse(""))
                .setReconnectAttempts(0)
                .setCachePreparedStatements(true)
                // What the relay writes is how far it has got; losing the last of that in a crash means to send some
                // rows again.
                .setProperties(Map.of(
                        "application_name",
                        service + "-relay",
                        "search_path",
                        schema + ",public",
                        "synchronous_commit",
                        "off",
                        // To plan a look takes several times as long as the look; and a plan made while the outbox was
                        // small must do when it is large.
                        "plan_cache_mode",
                        "force_generic_plan",
                        "enable_seqscan",
                        "off",
                        "enable_bitmapscan",
                        "off"));
    }
}

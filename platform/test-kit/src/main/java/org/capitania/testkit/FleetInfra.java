package org.capitania.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.capitania.contract.Service;

/**
 * What a service needs to run in a {@code @QuarkusTest}: a real PostgreSQL, a real broker, keys, and {@link FakePeers}
 * in place of the other services. Annotate the test with
 * {@code @QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))}.
 * One set a JVM, shared by all its tests; further init arguments: {@code database=fresh} for an own empty database.
 */
public final class FleetInfra implements QuarkusTestResourceLifecycleManager {
    private Service service = Service.GRAPH_SERVICE;
    private boolean freshDatabase;

    @Override
    public void init(Map<String, String> initArgs) {
        String name = initArgs.get("service");
        if (name == null) {
            throw new IllegalArgumentException("FleetInfra needs the init argument service, for example graph-service");
        }
        service = Service.fromWireName(name);
        freshDatabase = "fresh".equals(initArgs.get("database"));
    }

    @Override
    public Map<String, String> start() {
        TestPostgres postgres = freshDatabase ? TestPostgres.shared().freshDatabase() : TestPostgres.shared();
        return config(service, postgres, TestKafka.shared());
    }

    /** The settings with which a service finds this database and this broker. */
    static Map<String, String> config(Service service, TestPostgres postgres, TestKafka kafka) {
        TestKeys keys = TestKeys.shared();
        Path home = SharedState.directory("home");
        String schema = service.schema();
        Map<String, String> config = new HashMap<>();
        config.put("hq.home", home.toString());
        config.put("hq.tenants", String.join(",", TestKeys.TENANTS));
        config.put("hq.db.host", postgres.host());
        config.put("hq.db.port", Integer.toString(postgres.port()));
        config.put("hq.db.name", postgres.database());
        config.put("hq.db.password", postgres.password(schema));
        config.put("hq.db.owner-password", postgres.password(schema + "_owner"));
        config.put("hq.db.relay-password", postgres.password(schema + "_relay"));
        config.put("hq.kafka.bootstrap", kafka.bootstrap());
        config.put("hq.identity.keys", keys.of(service).toString());
        config.put("hq.identity.jwks", keys.jwks().toString());
        config.put("hq.test.smtp-port", Integer.toString(kafka.smtpPort()));
        config.put("hq.test.sent-mail", kafka.sentMail().toString());
        if (service == Service.TOOL_REGISTRY) {
            // What leaves a test arrives at the test's own sink, never at that of a fleet on this machine.
            config.put("hq.mail.smtp.port", Integer.toString(kafka.smtpPort()));
            config.put("hq.mail.sent-dir", kafka.sentMail().toString());
        }
        config.put("quarkus.http.test-port", "0");
        // A test must never reach a fleet that runs on this machine: all peers are where FakePeers listens, or nowhere.
        for (Service peer : Service.values()) {
            config.put("hq.peers." + peer.wireName() + ".url", "http://127.0.0.1:" + FakePeers.port());
        }
        return config;
    }

    @Override
    public void stop() {
        // Database and broker serve the whole JVM and end with it.
    }
}

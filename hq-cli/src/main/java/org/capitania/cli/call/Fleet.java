package org.capitania.cli.call;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.FleetRecord;
import org.capitania.cli.home.Home;
import org.capitania.contract.Service;
import org.capitania.embedded.keys.TokenSigner;

/**
 * The fleet that verbs speak to: the one this home started, or, by {@code HQ_<SERVICE>_URL} and {@code HQ_OWNER_KEY}, one that runs
 * elsewhere.
 */
public final class Fleet {
    private static final String NOT_RUNNING = "the fleet is not running: start it with hq up";

    private final Environment environment;
    private final Home home;
    private final Optional<FleetRecord> record;

    private Fleet(Environment environment, Home home, Optional<FleetRecord> record) {
        this.environment = environment;
        this.home = home;
        this.record = record;
    }

    public static Fleet of(Environment environment) {
        Home home = Home.of(environment);
        return new Fleet(environment, home, FleetRecord.read(home));
    }

    public static Failure notRunning() {
        return Failure.system("fleet_not_running", NOT_RUNNING);
    }

    /** Whether it was started here, or an address says where else it is. */
    public boolean isKnown() {
        return record.isPresent()
                || environment.variable("HQ_TOOL_REGISTRY_URL").isPresent();
    }

    public URI url(Service service) {
        return environment
                .variable("HQ_" + service.wireName().toUpperCase(Locale.ROOT).replace('-', '_') + "_URL")
                .map(URI::create)
                .orElseGet(() -> URI.create("http://127.0.0.1:" + running().port(Endpoint.of(service))));
    }

    public String kafka() {
        return environment
                .variable("HQ_KAFKA_BOOTSTRAP")
                .orElseGet(() -> "127.0.0.1:" + running().port(Endpoint.KAFKA));
    }

    public String tenant() {
        return environment
                .variable("HQ_TENANT")
                .orElseGet(() -> record.map(FleetRecord::tenant).orElse("main"));
    }

    public TokenSigner ownerKey() {
        return TokenSigner.load(
                environment.variable("HQ_OWNER_KEY").map(Path::of).orElseGet(home::ownerKey), environment.clock());
    }

    public Home home() {
        return home;
    }

    private FleetRecord running() {
        return record.orElseThrow(Fleet::notRunning);
    }
}

package org.capitania.cli.home;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.capitania.contract.Service;

/**
 * One port of the fleet on the loopback interface.
 *
 * @param name as in {@code config.yaml} under {@code ports}
 * @param process the process that listens on it
 */
public record Endpoint(String name, String process, int defaultPort) {
    public static final Endpoint POSTGRES = new Endpoint("postgres", "postgres", 15432);
    public static final Endpoint KAFKA = new Endpoint("kafka", "hq-infra", 19092);
    /** KRaft's own; one above Kafka's unless told otherwise. */
    public static final Endpoint KAFKA_CONTROLLER = new Endpoint("kafka-controller", "hq-infra", 19093);

    public static final Endpoint SMTP = new Endpoint("smtp", "hq-infra", 12525);

    public static Endpoint of(Service service) {
        return new Endpoint(service.wireName(), service.wireName(), service.defaultPort());
    }

    /** Every port, infrastructure first. */
    public static Stream<Endpoint> all() {
        return Stream.concat(
                Stream.of(POSTGRES, KAFKA, KAFKA_CONTROLLER, SMTP),
                Stream.of(Service.values()).map(Endpoint::of));
    }

    public static Optional<Endpoint> named(String name) {
        return all().filter(endpoint -> endpoint.name().equals(name)).findFirst();
    }

    /** The environment variable that overrides the port. */
    public String variable() {
        return "HQ_" + name.toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT";
    }
}

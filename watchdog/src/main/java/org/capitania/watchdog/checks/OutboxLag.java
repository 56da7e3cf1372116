package org.capitania.watchdog.checks;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.watchdog.incidents.Tier;

/** Whether committed events reach Kafka: every service's relay says how long one may have waited, and how many it set aside for want of their topic. */
@ApplicationScoped
class OutboxLag implements Check {
    private static final String LAG = "outbox_lag_seconds";
    private static final String PARKED = "outbox_parked";
    private static final Duration BRIEFLY = Duration.ofSeconds(3);

    private final Peers peers;
    private final ChecksConfig config;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(BRIEFLY).build();

    OutboxLag(Peers peers, ChecksConfig config) {
        this.peers = peers;
        this.config = config;
    }

    @Override
    public String name() {
        return "outbox_lag";
    }

    @Override
    public Duration every() {
        return config.slow();
    }

    @Override
    public List<Finding> look(String tenant) {
        List<Finding> findings = new ArrayList<>();
        for (Service service : Service.values()) {
            if (service == Service.WATCHDOG) {
                // Its incidents travel by its own outbox: who reads this has seen that it works.
                continue;
            }
            List<String> metrics = metrics(service, tenant);
            OptionalDouble parked = most(metrics, PARKED);
            if (parked.isPresent() && parked.getAsDouble() > 0) {
                findings.add(Finding.of(
                        "outbox_parked:" + service.wireName(),
                        Tier.SOFT,
                        "%.0f events of %s are for a Kafka topic that does not exist; outbox_parked in its schema names it"
                                .formatted(parked.getAsDouble(), service.wireName())));
            }
            OptionalDouble lag = most(metrics, LAG);
            if (lag.isPresent() && lag.getAsDouble() > config.outboxLag().toSeconds()) {
                findings.add(Finding.of(
                        "outbox:" + service.wireName(),
                        Tier.SOFT,
                        "events of %s have waited for %.0f s".formatted(service.wireName(), lag.getAsDouble())));
            }
        }
        return findings;
    }

    /** Empty when the service does not answer: that is for another check to say. */
    private List<String> metrics(Service service, String tenant) {
        HttpRequest request = HttpRequest.newBuilder(peers.url(service).resolve("/q/metrics"))
                .timeout(BRIEFLY)
                .header(
                        "Authorization",
                        "Bearer "
                                + peers.token(service, Scope.of(tenant, "system:watchdog", null), PeerOptions.DEFAULT))
                .header("Accept", "text/plain")
                .build();
        try {
            return http.send(request, BodyHandlers.ofString()).body().lines().toList();
        } catch (IOException e) {
            Log.debugf("no metrics of %s: %s", service.wireName(), e.toString());
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while reading metrics", e);
        }
    }

    private static OptionalDouble most(List<String> metrics, String name) {
        return metrics.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToDouble(Double::parseDouble)
                .max();
    }
}

package org.capitania.servicekit;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The time zone each company works in: that of its own entity, asked for now and then; the configured one when it says none. */
@ApplicationScoped
public class CompanyZone {
    /** Asked again so soon when the graph did not answer. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** @param zone null when the graph has never answered */
    private record Known(@Nullable ZoneId zone, Instant until) {}

    private final Peers peers;
    private final Clock clock;
    private final CompanyConfig config;
    private final String service;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    CompanyZone(Peers peers, Clock clock, CompanyConfig config, @ConfigProperty(name = "hq.service") String service) {
        this.peers = peers;
        this.clock = clock;
        this.config = config;
        this.service = service;
    }

    /** Empty as long as the graph has not answered: then what was known before the start counts. Asks it now and then: not within a transaction. */
    public Optional<ZoneId> of(String tenant) {
        @Nullable Known before = known.get(tenant);
        if (before != null && clock.instant().isBefore(before.until())) {
            return Optional.ofNullable(before.zone());
        }
        try {
            JsonNode own = peers.get(
                    Service.GRAPH_SERVICE,
                    "/v1/nodes?type=entity&prop.relationship=own&limit=1",
                    Scope.of(tenant, "system:" + service, "the company's time zone"),
                    JsonNode.class);
            ZoneId zone = zone(own.at("/items/0/props/timezone").asText(""), tenant);
            known.put(tenant, new Known(zone, clock.instant().plus(config.askZone())));
            return Optional.of(zone);
        } catch (CapitaniaException e) {
            Log.debugf("time zone is asked for later tenant=%s why=%s", tenant, e.detail());
            @Nullable ZoneId zone = before == null ? null : before.zone();
            known.put(tenant, new Known(zone, clock.instant().plus(AGAIN)));
            return Optional.ofNullable(zone);
        }
    }

    /** What is known without asking; the configured zone when nothing is. */
    public ZoneId known(String tenant) {
        @Nullable Known before = known.get(tenant);
        @Nullable ZoneId zone = before == null ? null : before.zone();
        return zone == null ? config.zone() : zone;
    }

    private ZoneId zone(String named, String tenant) {
        if (named.isBlank()) {
            return config.zone();
        }
        try {
            return ZoneId.of(named);
        } catch (DateTimeException e) {
            Log.warnf("the own entity's time zone is none tenant=%s zone=%s", tenant, named);
            return config.zone();
        }
    }
}

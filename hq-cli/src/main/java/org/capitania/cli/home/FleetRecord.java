package org.capitania.cli.home;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.JsonTree;

/**
 * Where the fleet of one home runs, as it was started: verbs find it by this record, whatever their own environment says.
 *
 * @param model who thinks for its agents
 * @param ports by the names of {@link Endpoint}
 */
public record FleetRecord(String tenant, String model, Map<String, Integer> ports) {

    public static FleetRecord of(Settings settings) {
        return new FleetRecord(settings.tenant(), settings.model(), settings.ports());
    }

    public static Optional<FleetRecord> read(Home home) {
        try {
            JsonNode record = JsonTree.read(Files.readAllBytes(home.fleetRecord()));
            Map<String, Integer> ports = new HashMap<>();
            record.path("ports")
                    .properties()
                    .forEach(port -> ports.put(port.getKey(), port.getValue().asInt()));
            return Optional.of(new FleetRecord(
                    record.path("tenant").asText(), record.path("model").asText(), Map.copyOf(ports)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + home.fleetRecord(), e);
        }
    }

    public void write(Home home) {
        Home.write(home.fleetRecord(), Json.write(this));
    }

    public static void delete(Home home) {
        try {
            Files.deleteIfExists(home.fleetRecord());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + home.fleetRecord(), e);
        }
    }

    public int port(Endpoint endpoint) {
        return ports.getOrDefault(endpoint.name(), endpoint.defaultPort());
    }
}

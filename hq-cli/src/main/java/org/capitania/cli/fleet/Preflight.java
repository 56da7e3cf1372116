package org.capitania.cli.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.process.Memory;

/** Looks before anything is started: what would stop the start later is told now, in one line. */
final class Preflight {
    private static final long MIB = 1024 * 1024;
    /** What the whole fleet holds when it is idle, and some air (docs/adr/0009). */
    private static final long NEEDED_MIB = 2_000;
    /** A first start unpacks a PostgreSQL, builds pgvector and writes caches; a later one needs room for journals. */
    private static final long NEEDED_DISK_MIB = 500;

    private final LocalFleet fleet;
    private final Environment environment;

    Preflight(LocalFleet fleet, Environment environment) {
        this.fleet = fleet;
        this.environment = environment;
    }

    void check() {
        model();
        ports();
        memory();
        disk();
    }

    private void model() {
        String model = fleet.settings().model();
        String key = model.toUpperCase(Locale.ROOT) + "_API_KEY";
        boolean needsKey = model.equals("anthropic") || model.equals("openai");
        if (needsKey
                && fleet.secrets().given(key).isEmpty()
                && fleet.secrets()
                        .given(model.toUpperCase(Locale.ROOT) + "_BASE_URL")
                        .isEmpty()) {
            throw Failure.caller(
                    "not_configured",
                    "the model " + model + " needs a key: set " + key + ", or write it to "
                            + fleet.home().secrets().resolve(key.toLowerCase(Locale.ROOT)));
        }
    }

    private void ports() {
        Map<Integer, List<Endpoint>> byPort = Endpoint.all().collect(Collectors.groupingBy(fleet.settings()::port));
        byPort.forEach((port, endpoints) -> {
            if (endpoints.size() > 1) {
                throw Failure.caller(
                        "config_invalid",
                        "port " + port + " is given to " + endpoints.get(0).name() + " and "
                                + endpoints.get(1).name() + ": give one of them another in "
                                + fleet.home().settings());
            }
        });
        List<Endpoint> taken = fleet.all().stream()
                .filter(process -> process.running().isEmpty())
                .flatMap(process -> process.endpoints().stream())
                .filter(endpoint -> !Probe.free(fleet.settings().port(endpoint)))
                .toList();
        if (!taken.isEmpty()) {
            Endpoint first = taken.getFirst();
            String all = taken.stream()
                    .map(endpoint -> fleet.settings().port(endpoint) + " (" + endpoint.name() + ")")
                    .collect(Collectors.joining(", "));
            throw Failure.system(
                    "port_in_use",
                    (taken.size() == 1 ? "port " + all + " is" : "ports " + all + " are")
                            + " in use by another program: stop it, or set " + first.variable() + "=… or ports: "
                            + first.name() + " in " + fleet.home().settings());
        }
    }

    private void memory() {
        long running = fleet.all().stream()
                .filter(process -> process.running().isPresent())
                .count();
        long needed = NEEDED_MIB * (fleet.all().size() - running) / fleet.all().size();
        long wanted = limit("HQ_MIN_MEMORY_MB", needed);
        OptionalLong available = Memory.available();
        if (available.isPresent() && available.getAsLong() < wanted * MIB) {
            throw Failure.system(
                    "memory_short",
                    "the fleet needs about " + wanted + " MB of memory and " + available.getAsLong() / MIB
                            + " MB are available: close something, or say HQ_MIN_MEMORY_MB=0 to try nevertheless");
        }
    }

    /** Where a store has not room to grow, it is better not started: what fills up first is its journal. */
    private void disk() {
        long wanted = limit("HQ_MIN_DISK_MB", NEEDED_DISK_MIB);
        Path home = fleet.home().directory();
        try {
            long free = Files.getFileStore(home).getUsableSpace() / MIB;
            if (free < wanted) {
                throw Failure.system(
                        "disk_short",
                        free + " MB are free at " + home + " and the fleet needs about " + wanted
                                + ": make room, set HQ_HOME elsewhere, or say HQ_MIN_DISK_MB=0 to try nevertheless");
            }
        } catch (IOException e) {
            throw Failure.system("io", "cannot see how much room there is at " + home + ": " + e.getMessage());
        }
    }

    private long limit(String variable, long otherwise) {
        String given = environment.variable(variable).orElse(Long.toString(otherwise));
        if (!given.matches("\\d{1,12}")) {
            throw Failure.caller("config_invalid", variable + " is a number of MB; found " + given);
        }
        return Long.parseLong(given);
    }
}

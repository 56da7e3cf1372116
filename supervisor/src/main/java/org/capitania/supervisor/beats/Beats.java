package org.capitania.supervisor.beats;

import com.fasterxml.jackson.databind.DeserializationFeature;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.capitania.contract.Json;

/** The beats there are: those of {@code beats.json}, with the schedules that the configuration gives them. A wrong one stops the start. */
@Startup
@ApplicationScoped
class Beats {
    static final String OFF = "off";

    private record File(String comment, List<Beat> beats) {}

    private final List<Beat> all;

    Beats(BeatsConfig config) {
        Map<String, String> given = new TreeMap<>();
        // A variable of the environment cannot tell the words of a name from the parts of a property.
        config.cron().forEach((name, cron) -> given.put(name.replace('.', '_').replace('-', '_'), cron));
        List<Beat> read = new ArrayList<>();
        for (Beat beat : file().beats()) {
            String cron = given.getOrDefault(beat.name(), beat.cron());
            if (!cron.equals(OFF)) {
                Cron.parse(cron).next(Instant.EPOCH, ZoneOffset.UTC);
            }
            read.add(new Beat(
                    beat.name(), beat.role(), beat.description(), cron, beat.after(), beat.quiet(), beat.missed()));
        }
        List<String> names = read.stream().map(Beat::name).toList();
        for (String name : given.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalStateException("hq.beats.cron." + name
                        + " names a beat that does not exist; there are " + String.join(", ", names));
            }
        }
        this.all = List.copyOf(read);
        for (Beat beat : all) {
            String after = beat.after();
            if (after != null
                    && find(after).filter(first -> first.after() == null).isEmpty()) {
                throw new IllegalStateException("beats.json: " + beat.name() + " comes after " + after
                        + ", which is no beat that waits for none");
            }
        }
    }

    List<Beat> all() {
        return all;
    }

    Optional<Beat> find(String name) {
        return all.stream().filter(beat -> beat.name().equals(name)).findFirst();
    }

    private static File file() {
        try (InputStream in = Beats.class.getResourceAsStream("/beats.json")) {
            if (in == null) {
                throw new IllegalStateException("beats.json is missing");
            }
            return Json.MAPPER
                    .readerFor(File.class)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(in);
        } catch (IOException e) {
            throw new IllegalStateException("beats.json: " + e.getMessage(), e);
        }
    }
}

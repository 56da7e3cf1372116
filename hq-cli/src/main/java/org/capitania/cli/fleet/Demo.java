package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.regex.Pattern;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Json;
import org.capitania.contract.Service;

/** A small bookshop with customers, work and invoices, so that the first mail meets a company. One atomic batch. */
final class Demo {
    private static final Pattern DAY = Pattern.compile("\\$\\{today([+-]\\d+)?}");

    private final Api api;
    private final LocalDate today;

    Demo(Api api, LocalDate today) {
        this.api = api;
        this.today = today;
    }

    /** Loads it into a store without entities; any other store is left as it is. */
    void loadIfEmpty(Progress progress) {
        JsonNode entities =
                api.get(Service.GRAPH_SERVICE, "/v1/nodes?type=entity&limit=1").body();
        if (!Fields.items(entities).isEmpty()) {
            return;
        }
        progress.step("demo company loaded: Maré Alta Books (hq up --no-demo leaves a store empty)", () -> {
            ObjectNode batch = JsonNodeFactory.instance.objectNode();
            batch.set("ops", ops(today));
            api.post(
                    Service.GRAPH_SERVICE,
                    "/v1/mutations",
                    batch,
                    Duration.ofSeconds(60),
                    Map.of("Idempotency-Key", "demo-company-" + today));
        });
    }

    /** The batch with its dates counted from a day: {@code ${today+12}}. */
    static JsonNode ops(LocalDate today) {
        try (InputStream in = Demo.class.getResourceAsStream("/demo-company.json")) {
            if (in == null) {
                throw new IllegalStateException("demo-company.json is not on the class path");
            }
            String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Json.MAPPER.readTree(DAY.matcher(template).replaceAll(day -> {
                String shift = day.group(1);
                return today.plusDays(shift == null ? 0 : Long.parseLong(shift)).toString();
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.capitania.cli.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.capitania.contract.Json;
import org.capitania.testkit.Events;
import org.capitania.testkit.TestKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TailEventsIT {
    @RegisterExtension
    final CannedFleet fleet = new CannedFleet();

    private Result hq(String... arguments) {
        return fleet.hq(Map.of("HQ_KAFKA_BOOTSTRAP", TestKafka.shared().bootstrap()), arguments);
    }

    @Test
    void shouldPrintTheLastEventsAsJsonLines() {
        String mark = UUID.randomUUID().toString();
        for (int i = 0; i < 5; i++) {
            Events.publish("kb.ingest.completed", "k" + i, Map.of("mark", mark, "number", i));
        }

        Result result = hq("events", "tail", "hq.kb", "--limit", "3");

        List<JsonNode> events = result.out()
                .lines()
                .map(line -> Json.read(line, JsonNode.class))
                .toList();
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(events).hasSize(3).allSatisfy(event -> {
            assertThat(event.path("specversion").asText()).isEqualTo("1.0");
            assertThat(event.path("type").asText()).isEqualTo("kb.ingest.completed");
            assertThat(event.path("tenant").asText()).isEqualTo("main");
            assertThat(event.path("actor").asText()).isEqualTo("system:test");
            assertThat(event.at("/data/mark").asText()).isEqualTo(mark);
        });
        assertThat(hq("events", "tail", "--since", "1h", "--text").out()).contains("kb.ingest.completed");
        assertThat(hq("events", "tail", "--since", "2030-01-01").out()).isEmpty();
    }

    @Test
    void shouldListTopicsAndRefuseAnUnknownOne() {
        assertThat(hq("events", "topics", "--json").json().path("data").toString())
                .contains("hq.graph.nodes", "hq.kb");
        assertThat(hq("events", "tail", "hq.nothing").exitCode()).isEqualTo(3);
    }

    @Test
    void shouldBlameTheSystemWhenKafkaDoesNotAnswer() {
        Result result = fleet.hq(Map.of("HQ_KAFKA_BOOTSTRAP", "127.0.0.1:1"), "events", "topics");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("hq: Kafka does not answer on 127.0.0.1:1");
    }
}

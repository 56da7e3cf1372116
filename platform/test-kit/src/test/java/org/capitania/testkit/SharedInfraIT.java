package org.capitania.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedInfraIT {
    @Test
    void shouldGiveAServiceWhatItNeeds() throws Exception {
        FleetInfra infra = new FleetInfra();
        infra.init(Map.of("service", "graph-service"));
        Map<String, String> config = infra.start();
        assertThat(config).containsKeys("hq.db.password", "hq.kafka.bootstrap");
        try (Connection c = TestPostgres.shared().connectAs("graph")) {
            assertThat(c.isValid(1)).isTrue();
        }
        assertThat(TestKafka.shared()).isEqualTo(TestKafka.shared());
    }
}

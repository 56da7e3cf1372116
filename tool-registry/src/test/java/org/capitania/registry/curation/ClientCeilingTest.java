package org.capitania.registry.curation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.ToolScope;
import org.junit.jupiter.api.Test;

/** Whatever the reviewed file comes to say: an outside client never appears outside in the company's name, and never steers agents. */
class ClientCeilingTest {

    @Test
    void shouldGrantNoClientAnOutwardOrSteeringTool() throws IOException {
        int clients = 0;
        try (InputStream in = getClass().getResourceAsStream("/curation.json")) {
            var roles = Json.MAPPER.readTree(in).path("roles").properties();
            for (var role : roles) {
                if (role.getKey().startsWith("client:")) {
                    clients++;
                    for (var tool : role.getValue().properties()) {
                        ToolDefinition definition =
                                Catalogue.load().find(tool.getKey()).orElseThrow();
                        assertThat(definition.scope())
                                .as("%s of %s", tool.getKey(), role.getKey())
                                .isNotIn(ToolScope.OUTBOUND, ToolScope.CONTROL);
                    }
                }
            }
        }
        assertThat(clients).isPositive();
    }
}

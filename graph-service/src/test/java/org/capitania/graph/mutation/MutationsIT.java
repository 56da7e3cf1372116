package org.capitania.graph.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.INGEST;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class MutationsIT {

    @Test
    void shouldMakeNodesAndEdgesWhenABatchIsApplied() {
        // Given
        String address = unique("ana") + "@frama.example";
        // When
        MutationResult result = INGEST.mutate("""
                {"ops": [
                  {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Frama Lda", "domains": ["frama.example"]}},
                  {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ana São João", "email": "%1$s"},
                   "external_source": "email", "external_id": "%1$s", "if_absent": true, "tainted": true},
                  {"op": "link", "type": "works_for", "from": "@c", "to": "@e", "props": {"role": "CEO"}}
                ]}""", address);
        // Then
        NodeView.Detail contact = OWNER.node(result.byRef("c").id());
        assertThat(contact.node().slug()).startsWith("contact-ana-sao-joao");
        assertThat(contact.node().title()).isEqualTo("Ana São João");
        assertThat(contact.node().status()).isEqualTo("active");
        assertThat(contact.node().tainted()).isTrue();
        assertThat(contact.producer().slug()).isEqualTo("hq:worker:email_ingest");
        assertThat(contact.edges()).singleElement().satisfies(edge -> {
            assertThat(edge.type()).isEqualTo("works_for");
            assertThat(edge.other().title()).isEqualTo("Frama Lda");
        });
        assertThat(OWNER.node(contact.node().slug()).node()).isEqualTo(contact.node());
    }
}

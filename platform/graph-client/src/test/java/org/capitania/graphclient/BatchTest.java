package org.capitania.graphclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.junit.jupiter.api.Test;

class BatchTest {

    @Test
    void shouldSayOnlyWhatWasSaidWhenABatchIsBuilt() {
        // When
        MutationBatch batch = new Batch()
                .create(
                        "c",
                        "contact",
                        contact -> contact.prop("name", "Ana")
                                .prop("phone", null)
                                .externalIfAbsent("email", "ana@aurora.example")
                                .tainted(true))
                .link("@c", "works_for", "entity-aurora", Map.of("role", "CEO"))
                .patch("n-1", node -> node.version(3).prop("done_at", null).tags(List.of("a")))
                .unlink("@c", "works_for", "n-2")
                .archive("n-3")
                .eventIfCreated("@c", "email.received", "@c", Map.of("contact_id", "@c"))
                .build();
        // Then
        assertThat(Json.tree(batch)).isEqualTo(Json.read("""
                {"ops": [
                   {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ana"}, "external_source": "email",
                    "external_id": "ana@aurora.example", "if_absent": true, "tainted": true},
                   {"op": "link", "type": "works_for", "from": "@c", "to": "entity-aurora", "props": {"role": "CEO"}},
                   {"op": "patch", "id": "n-1", "version": 3, "props": {"done_at": null}, "tags": ["a"]},
                   {"op": "unlink", "type": "works_for", "from": "@c", "to": "n-2"},
                   {"op": "archive", "id": "n-3"}],
                 "events": [{"type": "email.received", "key": "@c", "data": {"contact_id": "@c"}, "if_created": "@c"}]}""", com.fasterxml.jackson.databind.JsonNode.class));
    }

    @Test
    void shouldEscapeWhatPeopleWriteWhenItBecomesAQuery() {
        assertThat(NodeQuery.ofType("entity")
                        .prop("domains", "a&b=c.example")
                        .limit(1)
                        .path())
                .isEqualTo("/v1/nodes?type=entity&prop.domains=a%26b%3Dc.example&limit=1");
        assertThat(NodeQuery.ofType("contact").external("email", "ana+x@y.z").path())
                .isEqualTo("/v1/nodes?type=contact&external_source=email&external_id=ana%2Bx%40y.z");
    }
}

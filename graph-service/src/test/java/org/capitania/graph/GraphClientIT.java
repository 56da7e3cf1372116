package org.capitania.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.GraphSearch;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.GraphClient;
import org.capitania.graphclient.NodeQuery;
import org.capitania.servicekit.Scope;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against the service, as its users meet the two. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class GraphClientIT {
    private static final String URL = "hq.peers.graph-service.url";
    private static final Scope SCOPE = Scope.of("main", "system:graph-service", "a client's test");

    @Inject
    GraphClient graph;

    @TestHTTPResource
    String url;

    @BeforeEach
    void findOurselves() {
        System.setProperty(URL, url);
    }

    @AfterEach
    void forget() {
        System.clearProperty(URL);
    }

    @Test
    void shouldWriteOnceAndReadBackWhenAServiceUsesTheClient() {
        // Given
        String domain = unique("moinho") + ".example";
        MutationBatch batch = new Batch()
                .create(
                        "e",
                        "entity",
                        entity -> entity.prop("name", "Moinho Ferragens").prop("domains", List.of("x.example", domain)))
                .create(
                        "c",
                        "contact",
                        contact -> contact.prop("name", "Ana").externalIfAbsent("email", "ana+x@" + domain))
                .link("@c", "works_for", "@e")
                .build();
        // When
        MutationResult made = graph.mutate(SCOPE, batch, domain);
        // Then
        assertThat(graph.mutate(SCOPE, batch, domain)).isEqualTo(made);
        NodeView entity = graph.first(SCOPE, NodeQuery.ofType("entity").prop("domains", domain))
                .orElseThrow();
        assertThat(entity.id()).isEqualTo(made.byRef("e").id());
        assertThat(graph.first(SCOPE, NodeQuery.ofType("contact").external("email", "ana+x@" + domain)))
                .isPresent();
        assertThat(graph.node(SCOPE, entity.slug()).edges()).hasSize(1);
        assertThat(graph.node(SCOPE, entity.id(), entity.recordedAt(), null)
                        .node()
                        .title())
                .isEqualTo("Moinho Ferragens");
        assertThat(graph.edges(SCOPE, entity.id(), "works_for", null).items()).hasSize(1);
        assertThat(graph.history(SCOPE, entity.id()).items().getFirst().reason())
                .isEqualTo("a client's test");
        assertThat(graph.search(SCOPE, new GraphSearch("ferragens " + domain, null, 3))
                        .items()
                        .getFirst()
                        .id())
                .isEqualTo(entity.id());
        assertThat(graph.timeline(SCOPE, entity.id(), null, 5).items()).isEmpty();
        assertThat(graph.types(SCOPE).nodes()).isNotEmpty();
        assertThat(graph.stats(SCOPE).nodes()).isPositive();
    }

    @Test
    void shouldThrowTheServicesOwnFailureWhenItRefuses() {
        assertThat(graph.lookup(SCOPE, "contact-nobody")).isEmpty();
        assertThatThrownBy(() -> graph.mutate(
                        SCOPE,
                        new Batch()
                                .create("c", "contact", c -> c.prop("colour", "red"))
                                .build(),
                        (String) null))
                .isInstanceOfSatisfying(CapitaniaException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_VIOLATION);
                    assertThat(e.errors()).extracting(error -> error.path()).contains("/ops/0/props/colour");
                });
    }
}

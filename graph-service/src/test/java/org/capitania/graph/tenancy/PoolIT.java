package org.capitania.graph.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.Test;

/** Two tenants take turns on the same few connections, in any order, also after what was refused: each sees its own and nothing else. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class PoolIT {
    private static final int CLIENTS = 12;

    /** A tenant that has a secret word, and a tag by which it finds its nodes; the other has nodes with the same tag. */
    private record Tenant(GraphApi api, String word, String tag, String node) {
        static Tenant of(GraphApi api, String tag) {
            String word = unique("pool").replace("-", "");
            String node = api.mutate("""
                    {"ops": [{"op": "create", "ref": "t", "type": "task", "tags": ["%2$s"], "props": {"title": "%1$s %2$s"}}]}""", word, tag).byRef("t").id();
            return new Tenant(api, word, tag, node);
        }

        String ask(Random random) {
            return switch (random.nextInt(7)) {
                case 0 -> api.request().get("/v1/nodes/" + node).asString();
                case 1 -> api.request().queryParam("tag", tag).get("/v1/nodes").asString();
                case 2 ->
                    api.request()
                            .body("{\"query\": \"" + tag + "\"}")
                            .post("/v1/search")
                            .asString();
                case 3 -> api.request().get("/v1/nodes/" + node + "/history").asString();
                case 4 ->
                    api.post(
                                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"outcome_md\": \"%s %d\"}}]}",
                                    node, word, random.nextInt())
                            .asString();
                // Refused while it is planned, and in the database.
                case 5 ->
                    api.post("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"colour\": \"red\"}}]}", node)
                            .asString();
                default ->
                    api.post(
                                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"version\": 1, \"status\": \"done\"}]}",
                                    node)
                            .asString();
            };
        }
    }

    @Test
    void shouldShowEachTenantItsOwnWhenTwoShareThePoolOfConnections() throws Exception {
        // Given
        long seed = Long.getLong("hq.seed", 20261121L);
        int each = Soak.count(25, 2000);
        String tag = unique("shared").replace("-", "");
        List<Tenant> tenants = List.of(Tenant.of(OWNER, tag), Tenant.of(Veiled.STRANGER, tag));
        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(seed + client);
                running.add(threads.submit(() -> {
                    int seen = 0;
                    for (int i = 0; i < each; i++) {
                        int turn = random.nextInt(2);
                        String answer = tenants.get(turn).ask(random);
                        // Then
                        assertThat(answer)
                                .as("seed %d", seed)
                                .doesNotContain(tenants.get(1 - turn).word());
                        seen += answer.contains(tenants.get(turn).word()) ? 1 : 0;
                    }
                    return seen;
                }));
            }
            for (Future<Integer> client : running) {
                assertThat(client.get())
                        .as("answers that showed a tenant its own")
                        .isGreaterThan(each / 4);
            }
        }
    }
}

package org.capitania.graph.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Row;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.capitania.contract.api.GraphSearch;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.graph.embedding.Vectors;
import org.capitania.graph.search.SearchStatement.VectorLeg;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.Test;

/** How many of the ten nearest a search finds, of those that exact comparison finds; under filters that let through all, and almost nothing. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class RecallIT {
    private static final String TENANT = "other";
    private static final String MODEL = "recall-model";
    private static final int NODES = Soak.count(1600, 20_000);
    private static final int CLUSTERS = 60;
    private static final int DIMENSIONS = 48;
    private static final int QUERIES = 25;
    /** Below this, all are compared; small, so that the index answers the wider filters. */
    private static final int EXACT = 150;
    /** A node carries the tag of each share it belongs to. */
    private static final double[] SHARES = {1.0, 0.5, 0.2, 0.05, 0.01};

    @Inject
    Sql sql;

    @Test
    void shouldFindNearlyAllNeighboursAtEverySelectivity() throws SQLException {
        // Given
        Random random = new Random(20261121);
        float[][] centres = new float[CLUSTERS][];
        for (int i = 0; i < CLUSTERS; i++) {
            centres[i] = direction(random, null, 1);
        }
        List<float[]> vectors = new ArrayList<>();
        List<UUID> ids = store(random, centres, vectors);
        // When, then
        for (double share : SHARES) {
            List<Integer> candidates = IntStream.range(0, NODES)
                    .filter(i -> i % 1000 < share * 1000)
                    .boxed()
                    .toList();
            double found = 0;
            for (int q = 0; q < QUERIES; q++) {
                float[] query = direction(random, centres[random.nextInt(CLUSTERS)], 0.8);
                Set<UUID> nearest = new HashSet<>();
                candidates.stream()
                        .sorted(Comparator.comparingDouble(i -> -cosine(vectors.get(i), query)))
                        .limit(10)
                        .forEach(i -> nearest.add(ids.get(i)));
                Set<UUID> hits = new HashSet<>(search(query, share));
                hits.retainAll(nearest);
                found += (double) hits.size() / nearest.size();
            }
            assertThat(found / QUERIES)
                    .as("recall at 10 where %s of the nodes pass the filter", share)
                    .isGreaterThanOrEqualTo(0.95);
        }
    }

    private List<UUID> search(float[] query, double share) {
        return sql.tx(Scope.of(TENANT, "user:elsewhere", null), tx -> {
            tx.query(SearchGraph.TUNE, "120", "20000");
            GraphSearch ask = new GraphSearch("words", null, null, List.of(tag(share)), null, null, null, null, null);
            SearchStatement statement = new SearchStatement("words", ask, 10, null, null);
            String text = statement.byMeaning(new VectorLeg(TENANT, MODEL, Vectors.literal(boxed(query)), EXACT, -1));
            List<UUID> ids = new ArrayList<>();
            for (Row row : tx.query(text, statement.args())) {
                ids.add(row.getUUID("id"));
            }
            return ids;
        });
    }

    private static List<UUID> store(Random random, float[][] centres, List<float[]> vectors) throws SQLException {
        // A first mutation makes the tenant's root producer.
        String some = new GraphApi("user:elsewhere", TENANT)
                .mutate(
                        "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}")
                .byRef("t")
                .id();
        List<UUID> ids = new ArrayList<>();
        try (DirectSql sql = DirectSql.as("graph", TENANT)) {
            sql.query("SELECT make_embeddings_partition()");
            sql.execute(
                    "INSERT INTO embedding_models (model, dimensions, state) VALUES (?, ?, 'retired')",
                    MODEL,
                    DIMENSIONS);
            for (int i = 0; i < NODES; i++) {
                UUID id = new UUID(random.nextLong(), random.nextLong());
                float[] vector = direction(random, centres[random.nextInt(CLUSTERS)], 0.8);
                String tags = String.join(",", tagsOf(i));
                sql.execute("""
                        WITH made AS (
                            INSERT INTO nodes (id, type, slug, tags, producer_id)
                            SELECT ?, 'turn_state', 'recall-' || ?::text, string_to_array(?, ','), producer_id FROM nodes WHERE id = ?::uuid
                            RETURNING id)
                        INSERT INTO embeddings (model, node_id, dimensions, text_hash, vector) SELECT ?, ?, ?, '', ?::public.vector FROM made
                        """, id, i, tags, some, MODEL, id, DIMENSIONS, Vectors.literal(boxed(vector)));
                ids.add(id);
                vectors.add(vector);
            }
            sql.commit();
        }
        return ids;
    }

    private static List<String> tagsOf(int i) {
        List<String> tags = new ArrayList<>();
        for (double share : SHARES) {
            if (i % 1000 < share * 1000) {
                tags.add(tag(share));
            }
        }
        return tags;
    }

    private static String tag(double share) {
        return "recall-" + share;
    }

    private static float[] direction(Random random, float[] around, double spread) {
        float[] vector = new float[DIMENSIONS];
        double length = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            double noise = random.nextGaussian() * spread / Math.sqrt(DIMENSIONS);
            vector[i] = (float) ((around == null ? 0 : around[i]) + noise);
            length += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(length);
        }
        return vector;
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static List<Float> boxed(float[] vector) {
        List<Float> list = new ArrayList<>();
        for (float number : vector) {
            list.add(number);
        }
        return list;
    }
}

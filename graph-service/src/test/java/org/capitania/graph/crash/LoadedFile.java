package org.capitania.graph.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Random;
import org.capitania.testkit.KillableInfra;

/** A seeded file of tasks and then links between them, and what of it is in the store. */
final class LoadedFile implements AutoCloseable {
    static final int NODES = 3000;
    static final int EDGES = 5000;
    static final int LINES = NODES + EDGES;

    private static final String IN = """
            SELECT coalesce((SELECT l.lines FROM graph.loads AS l WHERE l.key = ?), 0),
                   (SELECT count(*) FROM graph.nodes AS n WHERE n.tags @> ARRAY[?]::text[]),
                   (SELECT count(*) FROM graph.edges AS e WHERE e.props->>'note' = ?)
            """;

    /** Everything once: of each row one version, and of each version one event. */
    private static final String WHOLE = """
            WITH n AS (SELECT id FROM graph.nodes WHERE tags @> ARRAY[?]::text[]), e AS (SELECT id FROM graph.edges WHERE props->>'note' = ?)
            SELECT (SELECT count(DISTINCT m.props->>'title') FROM graph.nodes AS m JOIN n USING (id)),
                   (SELECT count(*) FROM graph.history_nodes AS h JOIN n USING (id)), (SELECT count(*) FROM graph.history_edges AS h JOIN e USING (id)),
                   (SELECT count(*) FROM graph.outbox AS o JOIN n ON o.key = n.id::text WHERE o.topic = 'graph.node.changed'),
                   (SELECT count(*) FROM graph.outbox AS o JOIN e ON o.key = e.id::text WHERE o.topic = 'graph.edge.changed'),
                   (SELECT count(*) FROM graph.load_refs)
            """;

    private final String key;
    private final Connection admin;

    LoadedFile(KillableInfra infra, String key) throws SQLException {
        this.key = key;
        admin = infra.postgres().connect();
    }

    String text(Random random) {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < NODES; i++) {
            file.append(
                    "{\"op\":\"create\",\"ref\":\"%1$d\",\"type\":\"task\",\"props\":{\"title\":\"%2$s %1$d\"},\"tags\":[\"%2$s\"]}\n"
                            .formatted(i, key));
        }
        for (int i = 0; i < EDGES; i++) {
            // Never to itself, and the second link of a node further than the first: none is said twice.
            int to = (i + 1 + random.nextInt(1000) + 1500 * (i / NODES)) % NODES;
            file.append(
                    "{\"op\":\"link\",\"type\":\"related_to\",\"from\":\"@%d\",\"to\":\"@%d\",\"props\":{\"note\":\"%s\"}}\n"
                            .formatted(i % NODES, to, key));
        }
        return file.toString();
    }

    /** How many lines are in; whatever is there is that, no line more and none less. */
    long linesIn() throws SQLException {
        try (PreparedStatement in = admin.prepareStatement(IN)) {
            for (int i = 1; i <= 3; i++) {
                in.setString(i, key);
            }
            try (ResultSet row = in.executeQuery()) {
                row.next();
                long lines = row.getLong(1);
                assertThat(row.getLong(2)).as("nodes of %d lines", lines).isEqualTo(Math.min(lines, NODES));
                assertThat(row.getLong(3)).as("edges of %d lines", lines).isEqualTo(Math.max(0, lines - NODES));
                return lines;
            }
        }
    }

    void everyRowIsThereOnce() throws SQLException {
        assertThat(linesIn()).isEqualTo(LINES);
        try (PreparedStatement whole = admin.prepareStatement(WHOLE)) {
            whole.setString(1, key);
            whole.setString(2, key);
            try (ResultSet row = whole.executeQuery()) {
                row.next();
                assertThat(row.getLong(1)).as("titles").isEqualTo(NODES);
                assertThat(row.getLong(2)).as("versions of nodes").isEqualTo(NODES);
                assertThat(row.getLong(3)).as("versions of edges").isEqualTo(EDGES);
                assertThat(row.getLong(4)).as("events of nodes").isEqualTo(NODES);
                assertThat(row.getLong(5)).as("events of edges").isEqualTo(EDGES);
                assertThat(row.getLong(6)).as("refs left").isZero();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        admin.close();
    }
}

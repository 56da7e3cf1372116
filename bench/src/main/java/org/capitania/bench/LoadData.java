package org.capitania.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** A company as a file: of twenty nodes one entity, four contacts and fifteen tasks, and three edges a node; the same for each seed. */
final class LoadData {
    private static final int ROUND = 20;
    private static final int CONTACTS = 4;
    private static final int EDGES = 3;

    private final int nodes;
    private final Random random;
    private final Texts texts = new Texts();

    /** @param nodes a multiple of twenty, at least a hundred */
    LoadData(int nodes, long seed) {
        if (nodes < 5 * ROUND || nodes % ROUND != 0) {
            throw new IllegalArgumentException(nodes + " nodes");
        }
        this.nodes = nodes;
        // Seeded: every run makes the same file.
        random = new Random(seed);
    }

    long edges() {
        return (long) EDGES * nodes;
    }

    long lines() {
        return nodes + edges();
    }

    void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < nodes; i++) {
                String type = type(i);
                boolean task = type.equals("task");
                out.write("{\"op\":\"create\",\"ref\":\"n" + i + "\",\"type\":\"" + type + "\",\"props\":{\""
                        + (task ? "title" : "name") + "\":\"" + i + " " + texts.title(i) + "\",\""
                        + (task ? "description_md" : "notes_md") + "\":\"" + texts.body(i) + "\"}}\n");
            }
            for (int i = 0; i < nodes; i++) {
                edges(out, i);
            }
        }
    }

    private void edges(BufferedWriter out, int from) throws IOException {
        int rest = EDGES;
        switch (type(from)) {
            case "contact" -> {
                edge(out, "works_for", from, ROUND * random.nextInt(nodes / ROUND));
                rest--;
            }
            case "task" -> {
                edge(out, "driven_by", from, ROUND * random.nextInt(nodes / ROUND) + 1 + random.nextInt(CONTACTS));
                rest--;
            }
            default -> {}
        }
        Set<Integer> others = new HashSet<>(Set.of(from));
        while (rest > 0) {
            int other = random.nextInt(nodes);
            if (others.add(other)) {
                edge(out, "related_to", from, other);
                rest--;
            }
        }
    }

    private static void edge(BufferedWriter out, String type, int from, int to) throws IOException {
        out.write("{\"op\":\"link\",\"type\":\"" + type + "\",\"from\":\"@n" + from + "\",\"to\":\"@n" + to + "\"}\n");
    }

    private static String type(int node) {
        int place = node % ROUND;
        return place == 0 ? "entity" : place <= CONTACTS ? "contact" : "task";
    }
}

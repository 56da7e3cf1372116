package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.capitania.contract.Json;

/**
 * {@code ./hq describe} as a person starts it, each time a process of its own with the cache of classes made, against a running
 * graph-service; in turns with the least that a Java process can do, started with the same flags but without that cache.
 */
final class DescribeBench {
    /** Of the order of the turns, the same in every run. */
    private static final long SEED = 20261121;
    /** The goal of the design. */
    private static final double P95_MILLIS = 400;
    /** The same on a machine whose bare JVM takes 50 ms. */
    private static final double TIMES_A_JVM = 8;

    private static final String TITLE = "Padaria do Bairro";
    private final int rounds;
    private final double seconds;
    private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());

    /** @param quick a few of each */
    DescribeBench(boolean quick) {
        rounds = quick ? 2 : 10;
        seconds = quick ? 1 : 4;
    }

    List<Figure> run() {
        try (GraphProcess graph = new GraphProcess()) {
            String slug = fill(graph);
            Path hq = BenchFleet.checkout().resolve("hq");
            List<String> describe = List.of(hq.toString(), "describe", slug);
            Path hello = hello(graph.postgres().directory());
            List<String> bare = List.of(
                    BenchFleet.java(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xms16m",
                    "-Xmx128m",
                    "-cp",
                    hello.toString(),
                    Hello.class.getName());
            Turns turns = new Turns(Cpu::millisOfEndedChildren, new Random(SEED))
                    .way("describe", processes(describe, graph.atAPrompt(), TITLE, true))
                    .way("jvm", processes(bare, Map.of(), "hello", false));
            start(describe, graph.atAPrompt(), TITLE);
            turns.run(rounds, seconds);
            return figures(turns);
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private List<Figure> figures(Turns turns) {
        Turns.Total describe = turns.total("describe");
        Turns.Total jvm = turns.total("jvm");
        List<Double> sorted = millis.stream().sorted().toList();
        return List.of(
                Figure.atMost(
                        "describe.process.p95",
                        sorted.get((int) (sorted.size() * 0.95)),
                        "ms",
                        "limit",
                        P95_MILLIS,
                        sorted.size()),
                Figure.times(
                                "describe.process",
                                describe.millis(),
                                "ms",
                                "bare JVM",
                                jvm.millis(),
                                TIMES_A_JVM,
                                describe.slices())
                        .withCpu(describe.cpuMillis(), jvm.cpuMillis()));
    }

    /** An entity with as many neighbours as one reads through; answers its slug. */
    private static String fill(GraphProcess graph) throws IOException {
        StringBuilder ops = new StringBuilder(
                "{\"ops\":[{\"op\":\"create\",\"ref\":\"e\",\"type\":\"entity\",\"props\":{\"name\":\"" + TITLE
                        + "\",\"city\":\"Lisboa\",\"summary\":\"They bake, and order flour every week.\"}}");
        for (int i = 0; i < 20; i++) {
            ops.append(
                    ",{\"op\":\"create\",\"ref\":\"t%1$d\",\"type\":\"task\",\"props\":{\"title\":\"Task %1$d\"}},{\"op\":\"link\",\"type\":\"about\",\"from\":\"@t%1$d\",\"to\":\"@e\"}"
                            .formatted(i));
        }
        try (Wire wire = graph.connect()) {
            JsonNode made = Json.read(
                    wire.post("/v1/mutations", graph.token(), ops.append("]}").toString()), JsonNode.class);
            return made.at("/results/0/slug").asText();
        }
    }

    /** A directory with that one class in it. */
    private static Path hello(Path directory) throws IOException {
        String file = "/" + Hello.class.getName().replace('.', '/') + ".class";
        Path classes = directory.resolve("hello");
        Path copy = classes.resolve(file.substring(1));
        Files.createDirectories(copy.resolveSibling("."));
        try (InputStream in = Hello.class.getResourceAsStream(file)) {
            Files.copy(in, copy);
        }
        return classes;
    }

    private Turns.Slice processes(List<String> command, Map<String, String> more, String said, boolean timed) {
        return nanos -> {
            long end = System.nanoTime() + nanos;
            long done = 0;
            while (System.nanoTime() < end) {
                double took = start(command, more, said);
                if (timed) {
                    millis.add(took);
                }
                done++;
            }
            return done;
        };
    }

    /** How long it took in milliseconds; no figure of one that failed or said something else. */
    private static double start(List<String> command, Map<String, String> more, String said)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(more);
        builder.environment().put("HQ_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long begun = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        double took = (System.nanoTime() - begun) / 1e6;
        if (exit != 0 || !out.contains(said)) {
            throw new IllegalStateException(
                    "the work is wrong: " + command + " ended with " + exit + " and said " + out);
        }
        return took;
    }
}

package org.capitania.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Table;
import org.capitania.contract.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq bench}: runs the benchmarks in a process of their own; exit code 1 when a goal is missed. */
@Command(name = "bench", description = "Measure, with what it is compared with in the same run.")
public final class RunBench extends Verb {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "all unless named")
    List<String> names = List.of();

    @Option(names = "--quick", description = "less of everything: shows that it works, not how fast it is")
    boolean quick;

    public RunBench(Environment environment) {
        super("bench", environment);
    }

    @Override
    protected Reply run() {
        Path jar = environment().root().resolve("bench/target/hq-bench/hq-bench.jar");
        if (!Files.isRegularFile(jar)) {
            throw Failure.system("not_built", "the benchmarks are not built: " + jar + " is missing")
                    .withHint("hq build");
        }
        List<JsonNode> figures = measured(jar);
        if (!json()) {
            table(figures).print(screen());
        }
        List<String> missed = figures.stream()
                .filter(figure -> !figure.path("holds").asBoolean())
                .map(figure -> Fields.text(figure, "name"))
                .toList();
        Reply reply = Reply.printed(action());
        return missed.isEmpty()
                ? reply
                : reply.withFailure(Failure.caller("goal_missed", "missed: " + String.join(", ", missed)));
    }

    private List<JsonNode> measured(Path jar) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // Its own compilers would take as much of the processors as what it measures.
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString()));
        command.addAll(names);
        if (quick) {
            command.add("--quick");
        }
        List<JsonNode> figures = new ArrayList<>();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Redirect.PIPE)
                    .redirectError(Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                String line;
                while ((line = lines.readLine()) != null) {
                    figures.add(Json.read(line, JsonNode.class));
                    if (json()) {
                        environment().out().println(line);
                        environment().out().flush();
                    }
                }
            }
            if (process.waitFor() > 1) {
                throw Failure.system("bench_failed", "a benchmark ended with " + process.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.system("interrupted", "interrupted while measuring");
        }
        return figures;
    }

    private static Table table(List<JsonNode> figures) {
        Table table = new Table("FIGURE", "VALUE", "COMPARED WITH", "RATIO", "GOAL", "HOLDS", "CPU AN OPERATION");
        for (JsonNode figure : figures) {
            table.row(
                    Fields.text(figure, "name"),
                    String.format("%.3g %s", figure.path("value").asDouble(), Fields.text(figure, "unit")),
                    String.format(
                            "%s %.3g",
                            Fields.text(figure, "peer"),
                            figure.path("peer_value").asDouble()),
                    String.format("%.2f", figure.path("ratio").asDouble()),
                    Fields.text(figure, "goal"),
                    figure.path("holds").asBoolean() ? "yes" : "NO",
                    cpu(figure));
        }
        return table;
    }

    /** Its own and that of what it is compared with, where a benchmark has counted it. */
    private static String cpu(JsonNode figure) {
        return figure.has("cpu_ms")
                ? String.format(
                        "%.3g ms, %.3g",
                        figure.path("cpu_ms").asDouble(),
                        figure.path("peer_cpu_ms").asDouble())
                : "";
    }
}

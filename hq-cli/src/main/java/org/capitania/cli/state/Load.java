package org.capitania.cli.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq state load}: a file of nodes and edges, one JSON object a line; said again, it goes on where it was. */
@Command(name = "load", description = "Load a file of nodes and edges, one JSON object a line (create, link).")
public final class Load extends Verb {
    private static final long LOOK_EVERY_S = 5;

    @Parameters(paramLabel = "FILE", description = "NDJSON: one op of POST /v1/mutations a line")
    String file = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "what the load is called; a mended file goes on under the key of the refused one (default: the file's SHA-256)")
    @Nullable
    String key;

    public Load(Environment environment) {
        super("state.load", environment);
    }

    @Override
    protected Reply run() {
        Path path = regular();
        String called = key == null ? "sha256:" + digest(path) : key;
        try (ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(Load::inBackground)) {
            if (environment().terminal().err() && !json()) {
                var unused =
                        looks.scheduleAtFixedRate(() -> progress(called), LOOK_EVERY_S, LOOK_EVERY_S, TimeUnit.SECONDS);
            }
            JsonNode report;
            try {
                report = api().postLines(Service.GRAPH_SERVICE, "/v1/load", path, Map.of("Idempotency-Key", called))
                        .body();
            } catch (Failure e) {
                throw e.exitCode() == Failure.SYSTEM && e.hint() == null ? e.withHint(again(called)) : e;
            } finally {
                looks.shutdownNow();
            }
            return Reply.of(action(), report, screen -> print(report, screen));
        }
    }

    private static Thread inBackground(Runnable work) {
        return Thread.ofPlatform().daemon().name("progress").unstarted(work);
    }

    private void progress(String called) {
        try {
            JsonNode report = api().get(Service.GRAPH_SERVICE, Api.path("/v1/load/", called))
                    .body();
            remarks().line(remarks().paint(Style.DIM, "line " + number(report, "lines") + ": " + said(report)));
        } catch (Failure e) {
            // It has not begun, or the service is too busy to say; the load itself tells what is wrong.
            remarks().line(remarks().paint(Style.DIM, "no word yet: " + e.message()));
        }
    }

    private Path regular() {
        Path path = environment().workingDirectory().resolve(file);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw Failure.caller("unreadable", file + " is no file that can be read");
        }
        return path;
    }

    private static String digest(Path path) {
        try (InputStream in = Files.newInputStream(path);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[64 * 1024];
            while (digesting.read(buffer) >= 0) {
                // Read for its digest alone.
            }
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private String again(String called) {
        return "hq state load " + file + " --key " + called + " goes on where it was";
    }

    private static void print(JsonNode report, Screen screen) {
        screen.line(
                screen.paint(Style.GOOD, "loaded") + "  " + said(report) + " in " + number(report, "lines") + " lines");
    }

    private static String said(JsonNode report) {
        String found = report.path("found").asLong() > 0 ? ", " + number(report, "found") + " there already" : "";
        return number(report, "nodes") + " nodes, " + number(report, "edges") + " edges" + found;
    }

    private static String number(JsonNode report, String member) {
        return String.format(Locale.ROOT, "%,d", report.path(member).asLong());
    }
}

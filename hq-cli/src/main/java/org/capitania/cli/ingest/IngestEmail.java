package org.capitania.cli.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.contract.FieldError;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq ingest email}: each file as if it had come in by mail. What is refused is told; the others are stored. */
@Command(name = "email", description = "Hand in mail as files (RFC 5322); - reads one from stdin.")
public final class IngestEmail extends Verb {
    @Parameters(arity = "1..*", paramLabel = "FILE")
    List<String> files = List.of();

    public IngestEmail(Environment environment) {
        super("ingest.email", environment);
    }

    @Override
    protected Reply run() {
        ArrayNode stored = JsonNodeFactory.instance.arrayNode();
        Map<String, Failure> refused = new LinkedHashMap<>();
        for (String file : files) {
            try {
                stored.add(file.equals("-") ? ingestStdin() : ingest(regular(file)));
            } catch (Failure e) {
                refused.put(file, e);
            }
        }
        return Reply.of(action(), stored, screen -> print(stored, screen)).withFailure(failure(refused));
    }

    /** One refused file fails as it was refused; several are counted, each with its reason, and the system's fault outweighs the caller's. */
    private @Nullable Failure failure(Map<String, Failure> refused) {
        if (refused.isEmpty()) {
            return null;
        }
        Map.Entry<String, Failure> first = refused.entrySet().iterator().next();
        Failure why = first.getValue();
        if (refused.size() == 1) {
            return new Failure(
                    why.code(), why.exitCode(), first.getKey() + ": " + why.message(), why.hint(), why.errors());
        }
        boolean alike = refused.values().stream().allMatch(f -> f.code().equals(why.code()));
        return new Failure(
                alike ? why.code() : "several_refused",
                refused.values().stream().anyMatch(f -> f.exitCode() == Failure.SYSTEM)
                        ? Failure.SYSTEM
                        : Failure.CALLER,
                refused.size() + " of " + files.size() + " files were not taken",
                alike ? why.hint() : null,
                refused.entrySet().stream()
                        .map(e -> new FieldError(
                                e.getKey(), null, null, e.getValue().message()))
                        .toList());
    }

    private JsonNode ingest(Path file) {
        return api().postFile(Service.INGEST_WORKERS, "/v1/emails", file, "message/rfc822")
                .body();
    }

    /** Through a file, since its size is not known before its end. */
    private JsonNode ingestStdin() {
        try {
            Path file = Files.createTempFile("hq-stdin-", ".eml");
            try {
                Files.copy(System.in, file, StandardCopyOption.REPLACE_EXISTING);
                return ingest(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("stdin cannot be read", e);
        }
    }

    private Path regular(String file) {
        Path path = environment().workingDirectory().resolve(file);
        if (!Files.isRegularFile(path)) {
            throw Failure.caller(
                    "not_an_email", Files.isDirectory(path) ? "this is a directory" : "there is no such file");
        }
        if (!Files.isReadable(path)) {
            throw Failure.caller("unreadable", "this file may not be read");
        }
        return path;
    }

    private static void print(ArrayNode stored, Screen screen) {
        for (JsonNode mail : stored) {
            boolean again = mail.path("duplicate").asBoolean();
            String slug = Fields.first(mail, "slug", "id");
            screen.line(screen.paint(again ? Style.DIM : Style.GOOD, again ? "was there already" : "stored") + "  "
                    + slug + screen.paint(Style.DIM, "  conversation " + Fields.text(mail, "conversation")));
        }
    }
}

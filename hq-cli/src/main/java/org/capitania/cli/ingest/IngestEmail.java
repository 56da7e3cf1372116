package org.capitania.cli.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
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
        Failure refused = null;
        for (String file : files) {
            try {
                stored.add(ingest(file));
            } catch (Failure e) {
                Failure named = new Failure(e.code(), e.exitCode(), file + ": " + e.message(), e.hint(), e.errors());
                if (refused != null) {
                    remarks().line("hq: " + refused.message());
                }
                refused = named;
            }
        }
        return Reply.of(action(), stored, screen -> print(stored, screen)).withFailure(refused);
    }

    private JsonNode ingest(String file) {
        return api().postBytes(Service.INGEST_WORKERS, "/v1/emails", bytes(file), "message/rfc822")
                .body();
    }

    private byte[] bytes(String file) {
        try {
            if (file.equals("-")) {
                return System.in.readAllBytes();
            }
            Path path = environment().workingDirectory().resolve(file);
            if (!Files.isRegularFile(path)) {
                throw Failure.caller("not_an_email", "there is no such file");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw Failure.caller("not_an_email", "cannot be read: " + e.getMessage());
        }
    }

    private static void print(ArrayNode stored, Screen screen) {
        for (JsonNode mail : stored) {
            boolean again = mail.path("duplicate").asBoolean();
            @Nullable String slug = Fields.first(mail, "slug", "id");
            screen.line(screen.paint(again ? Style.DIM : Style.GOOD, again ? "was there already" : "stored") + "  "
                    + slug + screen.paint(Style.DIM, "  conversation " + Fields.text(mail, "conversation")));
        }
    }
}

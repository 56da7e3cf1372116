package org.capitania.cli.mcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.token.Issuer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq mcp-serve}: carries each line of stdin to the gateway's {@code /mcp} as an outside client, and what it answers to stdout. */
@Command(
        name = "mcp-serve",
        description =
                "Speak the Model Context Protocol on stdin and stdout, for a client that starts its servers itself.")
public final class ServeMcp extends Verb {
    @Option(
            names = "--as",
            paramLabel = "CLIENT",
            description = "who calls: client:NAME, which gets its key the first time; ${DEFAULT-VALUE} unless given")
    String client = "client:stdio";

    public ServeMcp(Environment environment) {
        super("mcp-serve", environment);
    }

    @Override
    protected Reply run() {
        if (!client.startsWith("client:")) {
            throw Failure.caller("bad_name", "only an outside client speaks the protocol; found " + client)
                    .withHint("--as client:NAME");
        }
        long messages = 0;
        Issuer issuer = new Issuer(api(), home(), environment().clock());
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(environment().in(), StandardCharsets.UTF_8));
                Bridge bridge = new Bridge(api().fleet(), issuer, client, environment());
                ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String message = line;
                if (message.isBlank()) {
                    continue;
                }
                messages++;
                if (bridge.begun()) {
                    each.submit(() -> bridge.carry(message));
                } else {
                    // What follows belongs to the session that this one opens.
                    bridge.carry(message);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("stdin cannot be read", e);
        }
        return Reply.of(action(), JsonNodeFactory.instance.objectNode().put("messages", messages), screen -> {});
    }
}

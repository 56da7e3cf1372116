package org.capitania.registry.shell;

import com.fasterxml.jackson.databind.DeserializationFeature;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.Json;

/** The reviewed file {@code commands.json}. */
@Singleton
class Commands {
    private record File(String comment, Map<String, CommandRule> commands) {}

    private final Map<String, CommandRule> commands;

    Commands() {
        try (InputStream in = Commands.class.getResourceAsStream("/commands.json")) {
            if (in == null) {
                throw new IllegalStateException("commands.json is missing");
            }
            this.commands = Json.MAPPER
                    .readerFor(File.class)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .<File>readValue(in)
                    .commands();
        } catch (IOException e) {
            throw new IllegalStateException("commands.json: " + e.getMessage(), e);
        }
    }

    Optional<CommandRule> find(String command) {
        return Optional.ofNullable(commands.get(command));
    }
}

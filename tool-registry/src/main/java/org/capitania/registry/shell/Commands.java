package org.capitania.registry.shell;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.capitania.registry.reviewed.ReviewedFile;

/** The reviewed file {@code commands.json}. */
@Singleton
class Commands {
    private record File(String comment, Map<String, CommandRule> commands) {}

    private final Map<String, CommandRule> commands;

    Commands() {
        this.commands = ReviewedFile.read("commands.json", File.class).commands();
    }

    Optional<CommandRule> find(String command) {
        return Optional.ofNullable(commands.get(command));
    }
}

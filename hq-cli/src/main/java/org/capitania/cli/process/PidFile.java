package org.capitania.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.capitania.cli.home.Home;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;

/** Which process runs under a name, kept in {@code run/<name>.pid}. */
public record PidFile(Path path) {

    public static PidFile of(Home home, String process) {
        return new PidFile(home.run().resolve(process + ".pid"));
    }

    /** The process, while it is alive; a file left behind by a dead one counts as none. */
    public Optional<ProcessId> alive() {
        return read().filter(ProcessId::alive);
    }

    /** What the file says, whether the process lives or not. */
    public Optional<ProcessId> read() {
        try {
            return Optional.of(Json.read(Files.readString(path), ProcessId.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        } catch (CapitaniaException e) {
            return Optional.empty();
        }
    }

    public void write(ProcessId process) {
        Home.write(path, Json.write(process));
    }

    public void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }
}

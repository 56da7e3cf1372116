package org.capitania.cli.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.home.FleetRecord;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.Trees;

/** Deletes what a fleet stored. Its settings, and the secrets that the owner put there, stay. */
final class Purge {
    private final LocalFleet fleet;

    Purge(LocalFleet fleet) {
        this.fleet = fleet;
    }

    /** Asks at the terminal; without one, {@code --yes} has to be said. */
    static void confirm(Environment environment, Home home, boolean yes) {
        if (yes) {
            return;
        }
        if (!environment.terminal().err()) {
            throw Failure.caller("not_confirmed", "this deletes all data in " + home.directory() + ": say --yes");
        }
        environment.err().print("Delete all data in " + home.directory() + "? [y/N] ");
        environment.err().flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (answer == null
                    || !answer.strip().toLowerCase(java.util.Locale.ROOT).startsWith("y")) {
                throw Failure.caller("not_confirmed", "nothing was deleted");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes; nothing of the fleet runs any more. */
    void run(Progress progress) {
        progress.step("data deleted", () -> {
            fleet.database().deleteData();
            Home home = fleet.home();
            try {
                for (Path directory : new Path[] {
                    home.kafka(),
                    home.logs(),
                    home.directory().resolve("mail"),
                    home.files(),
                    home.keys(),
                    Home.parent(home.ownerKey())
                }) {
                    Trees.delete(directory);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete everything in " + home.directory(), e);
            }
            FleetRecord.delete(home);
            fleet.secrets().forget();
        });
    }
}

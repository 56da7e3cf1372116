package org.capitania.cli.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.capitania.cli.Confirmation;
import org.capitania.cli.Environment;
import org.capitania.cli.home.FleetRecord;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.Trees;

/** Deletes what a fleet stored. Its settings, and the secrets that the owner put there, stay. */
final class Purge {
    private final LocalFleet fleet;

    Purge(LocalFleet fleet) {
        this.fleet = fleet;
    }

    /** Asks, unless {@code --yes} was said. */
    static void confirm(Environment environment, Home home, boolean yes) {
        Confirmation.of(environment, yes, "delete all data in " + home.directory());
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

package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.home.FleetRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq down}: agents first, the database last; everything that was accepted is on disk. */
@Command(name = "down", description = "Stop everything; what is stored stays.")
public final class Down extends Verb {
    @Option(names = "--purge", description = "delete all data too, after asking")
    boolean purge;

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    public Down(Environment environment) {
        super("down", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ArrayNode stopped = data.putArray("stopped");
        data.put("purged", purge);
        if (!Files.isDirectory(home().directory())) {
            return Reply.of(action(), data, screen -> screen.line("nothing runs"));
        }
        if (purge) {
            Purge.confirm(environment(), home(), yes);
        }
        Progress progress = new Progress(remarks(), environment().clock());
        try (FleetLock _ = FleetLock.take(home())) {
            LocalFleet fleet = LocalFleet.prepare(environment());
            List<FleetProcess> running =
                    fleet.all().stream().filter(p -> p.running().isPresent()).toList();
            running.forEach(process -> stopped.add(process.name()));
            new Stopping(progress, environment().clock()).stop(Up.backwards(fleet.all()));
            FleetRecord.delete(home());
            if (purge) {
                new Purge(fleet).run(progress);
            }
        }
        return Reply.of(
                action(),
                data,
                screen -> screen.line(
                        stopped.isEmpty()
                                ? "nothing ran"
                                : "the fleet is down"
                                        + (purge ? ", its data are deleted" : "; hq up starts it again as it was")));
    }
}

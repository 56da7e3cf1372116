package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.home.FleetRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq _service start|stop|restart NAME}: one process, with the command line, flags and environment it has under {@code hq up}. */
@Command(name = "_service", description = "Start, stop or restart one process.", hidden = true)
public final class ControlService extends Verb {
    @Parameters(index = "0", paramLabel = "start|stop|restart")
    String instruction = "";

    @Parameters(index = "1", paramLabel = "NAME")
    String name = "";

    public ControlService(Environment environment) {
        super("_service", environment);
    }

    @Override
    protected Reply run() {
        if (!List.of("start", "stop", "restart").contains(instruction)) {
            throw Failure.caller("bad_request", "expected start, stop or restart; found " + instruction);
        }
        Progress progress = new Progress(remarks(), environment().clock());
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("name", name);
        try (FleetLock _ = FleetLock.take(home())) {
            LocalFleet fleet = LocalFleet.prepare(environment());
            FleetProcess process = fleet.named(name);
            if (!instruction.equals("start")) {
                new Stopping(progress, environment().clock()).stop(List.of(process));
            }
            if (!instruction.equals("stop")) {
                start(fleet, process, progress);
            }
            process.running().ifPresent(id -> data.put("pid", id.pid()));
        }
        return Reply.of(action(), data, screen -> {});
    }

    private void start(LocalFleet fleet, FleetProcess process, Progress progress) {
        if (FleetRecord.read(home()).isEmpty()) {
            FleetRecord.of(fleet.settings()).write(home());
        }
        Starting starting = new Starting(progress, environment().clock());
        try {
            starting.start(List.of(process));
        } catch (RuntimeException e) {
            new Stopping(progress, environment().clock()).stop(starting.started());
            throw e;
        }
    }
}

package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.call.CallOptions;
import org.capitania.cli.call.Fleet;
import org.capitania.cli.home.FleetRecord;
import org.capitania.cli.home.SettingsFile;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq up}: everything runs afterwards, or nothing that this command started does. */
@Command(name = "up", description = "Start the database, the broker and all services; then show their logs.")
public final class Up extends Verb {
    @Option(names = "--detach", description = "return as soon as everything is ready")
    boolean detach;

    @Option(names = "--no-demo", description = "leave an empty store empty")
    boolean noDemo;

    @Option(names = "--fresh", description = "delete all data first, after asking")
    boolean fresh;

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "rehearsal, anthropic, openai or ollama; else as config.yaml says")
    @Nullable
    String model;

    public Up(Environment environment) {
        super("up", environment);
    }

    @Override
    protected Reply run() {
        if (model != null && !SettingsFile.MODELS.contains(model)) {
            throw Failure.caller(
                    "bad_request", "--model is one of " + String.join(", ", SettingsFile.MODELS) + "; found " + model);
        }
        String runs;
        Progress progress = new Progress(remarks(), environment().clock());
        try (FleetLock _ = FleetLock.take(home())) {
            if (fresh) {
                Purge.confirm(environment(), home(), yes);
                LocalFleet old = LocalFleet.prepare(environment());
                new Stopping(progress, environment().clock()).stop(backwards(old.all()));
                new Purge(old).run(progress);
            }
            LocalFleet local = LocalFleet.prepare(
                    model == null ? environment() : environment().with("HQ_MODEL", model));
            start(local, progress);
            runs = local.settings().model();
        }
        Fleet fleet = Fleet.of(environment());
        try (Api api = new Api(fleet, CallOptions.NONE)) {
            if (!noDemo) {
                new Demo(api, LocalDate.now(environment().clock())).loadIfEmpty(progress);
            }
            new MonthlyCeiling(api, environment()).settle(runs, progress);
        }
        return Reply.of(action(), data(fleet), screen -> greet(fleet, screen));
    }

    private void start(LocalFleet fleet, Progress progress) {
        String runs = fleet.settings().model();
        if (model != null && !model.equals(runs)) {
            throw Failure.caller("already_running", "the fleet runs with the model " + runs + ": hq down first");
        }
        new Preflight(fleet, environment()).check();
        Starting starting = new Starting(progress, environment().clock());
        Undo undo =
                new Undo(fleet, starting, new Stopping(progress, environment().clock()));
        Thread atExit = new Thread(undo::run, "undo");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            Training training = new Training(fleet, environment(), progress);
            List<JavaProcess> untrained = training.untrained();
            FleetRecord.of(fleet.settings()).write(home());
            training.begin(untrained);
            everything(fleet, starting);
            if (!untrained.isEmpty()) {
                training.end(untrained);
                everything(fleet, starting);
            }
            undo.cancel();
        } catch (RuntimeException e) {
            undo.run();
            throw e;
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private static void everything(LocalFleet fleet, Starting starting) {
        starting.start(List.of(fleet.database()));
        starting.start(List.of(fleet.infraProcess()));
        starting.start(fleet.services());
    }

    /** Stops what was started, when the start fails or this command is interrupted meanwhile. */
    private static final class Undo {
        private final LocalFleet fleet;
        private final Starting starting;
        private final Stopping stopping;
        private boolean done;

        Undo(LocalFleet fleet, Starting starting, Stopping stopping) {
            this.fleet = fleet;
            this.starting = starting;
            this.stopping = stopping;
        }

        synchronized void cancel() {
            done = true;
        }

        synchronized void run() {
            if (!done) {
                done = true;
                stopping.abandon(backwards(starting.started()));
                if (!fleet.anyRunning()) {
                    FleetRecord.delete(fleet.home());
                }
            }
        }
    }

    static List<FleetProcess> backwards(List<? extends FleetProcess> processes) {
        List<FleetProcess> backwards = new ArrayList<>(processes);
        Collections.reverse(backwards);
        return backwards;
    }

    private ObjectNode data(Fleet fleet) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("home", home().directory().toString());
        data.put("console", fleet.url(Service.APPROVAL_SERVICE).toString());
        data.put("sign_in", SignInLink.of(fleet));
        return data;
    }

    private void greet(Fleet fleet, Screen screen) {
        screen.blank();
        screen.line(screen.paint(Style.BOLD, "The fleet is up.") + "  Console, signed in once with this link:");
        screen.line("  " + SignInLink.of(fleet));
        screen.line("A new link: hq sign-in    what runs: hq status    stop it: hq down");
        screen.flush();
        if (!detach) {
            screen.blank();
            screen.line(screen.paint(Style.DIM, "The logs follow. Ctrl-C stops following; the fleet runs on."));
            new LogFollower(environment(), home())
                    .follow(LocalFleet.existing(environment()).all().stream()
                            .map(FleetProcess::name)
                            .toList());
        }
    }
}

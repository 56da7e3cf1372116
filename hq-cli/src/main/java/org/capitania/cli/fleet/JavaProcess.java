package org.capitania.cli.fleet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.Home;
import org.capitania.cli.process.PidFile;
import org.capitania.cli.process.ProcessId;
import org.capitania.cli.process.Spawn;
import org.jspecify.annotations.Nullable;

/** A JVM of the fleet. */
final class JavaProcess implements FleetProcess {
    /**
     * What is needed to start one.
     *
     * @param program the words after the flags: the jar or the class path and main class
     * @param installed the directory of the installed program
     */
    record Program(Path installed, List<String> program, List<String> flags, Map<String, String> environment) {}

    private static final List<String> ABOUT_CACHE =
            List.of("AOTConfiguration", "AOTCache", "assemble AOT cache", "AOT configuration file");

    private final String name;
    private final String title;
    private final List<Endpoint> endpoints;
    private final Home home;
    private final Jvm jvm;
    private final Supplier<Program> program;
    private final BooleanSupplier readiness;
    private final PidFile pidFile;
    private boolean training;
    private @Nullable Program prepared;

    JavaProcess(
            String name,
            String title,
            List<Endpoint> endpoints,
            Home home,
            Jvm jvm,
            Supplier<Program> program,
            BooleanSupplier readiness) {
        this.name = name;
        this.title = title;
        this.endpoints = endpoints;
        this.home = home;
        this.jvm = jvm;
        this.program = program;
        this.readiness = readiness;
        this.pidFile = PidFile.of(home, name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public Optional<ProcessId> running() {
        return pidFile.alive();
    }

    /** Whether a start from now on records what is loaded, for the cache. */
    void train(boolean on) {
        training = on;
    }

    /** Whether it may be killed while it records; the broker may not, it has data to put away. */
    boolean abandonsTraining() {
        return training && !endpoints.contains(Endpoint.KAFKA);
    }

    /** Installed at the first call, and the same from then on. */
    private Program prepared() {
        if (prepared == null) {
            prepared = program.get();
        }
        return prepared;
    }

    /** The words of the command that would start it now. */
    List<String> command() {
        Program p = prepared();
        return command(p, AotCache.of(p.installed(), jvm, p.flags()));
    }

    AotCache cache() {
        Program p = prepared();
        return AotCache.of(p.installed(), jvm, p.flags());
    }

    @Override
    public void launch() {
        if (running().isPresent()) {
            return;
        }
        Program p = prepared();
        AotCache cache = AotCache.of(p.installed(), jvm, p.flags());
        LogFile.turnOver(home.log(name));
        pidFile.write(new Spawn(command(p, cache), p.environment(), p.installed(), home.log(name)).start());
    }

    private List<String> command(Program p, AotCache cache) {
        List<String> command = new ArrayList<>();
        command.add(jvm.java());
        command.addAll(training ? cache.trainingFlag() : cache.flag());
        command.addAll(p.flags());
        command.addAll(p.program());
        return command;
    }

    @Override
    public boolean ready() {
        return running().isPresent() && readiness.getAsBoolean();
    }

    @Override
    public void stop() {
        running().ifPresent(ProcessId::terminate);
    }

    /** Forgets a process that is gone. */
    void forget() {
        if (running().isEmpty()) {
            pidFile.delete();
        }
    }

    @Override
    public List<String> lastWords() {
        // What the JVM tells about its cache while it ends would hide why it ended.
        List<String> lines = LogFile.lastLines(home.log(name), 60).stream()
                .filter(line -> ABOUT_CACHE.stream().noneMatch(line::contains))
                .toList();
        return lines.subList(Math.max(0, lines.size() - 15), lines.size());
    }
}

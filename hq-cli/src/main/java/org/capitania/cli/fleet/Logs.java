package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq logs}. */
@Command(name = "logs", description = "The last lines of the logs, of one service or of all.")
public final class Logs extends Verb {
    private static final List<String> PROCESSES =
            Endpoint.all().map(Endpoint::process).distinct().toList();

    @Parameters(paramLabel = "SERVICE", arity = "0..1", description = "only this one")
    @Nullable
    String service;

    @Option(
            names = {"-f", "--follow"},
            description = "go on with what comes, until Ctrl-C")
    boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "how many lines of each; ${DEFAULT-VALUE} unless given")
    int lines = 40;

    public Logs(Environment environment) {
        super("logs", environment);
    }

    @Override
    protected Reply run() {
        if (service != null && !PROCESSES.contains(service)) {
            throw Failure.notFound("no process is called " + service + "; there are " + String.join(", ", PROCESSES));
        }
        List<String> chosen = service == null ? PROCESSES : Stream.of(service).toList();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        for (String process : chosen) {
            LogFile.lastLines(home().log(process), lines).forEach(data.putArray(process)::add);
        }
        return Reply.of(action(), data, screen -> print(chosen, data, screen));
    }

    private void print(List<String> chosen, ObjectNode data, Screen screen) {
        for (String process : chosen) {
            if (data.path(process).isEmpty()) {
                continue;
            }
            if (chosen.size() > 1) {
                screen.heading("── " + process + " "
                        + screen.paint(Style.DIM, home().log(process).toString()));
            }
            data.path(process).forEach(line -> screen.line(line.asText()));
        }
        screen.flush();
        if (follow) {
            new LogFollower(environment(), home()).follow(chosen);
        }
    }
}

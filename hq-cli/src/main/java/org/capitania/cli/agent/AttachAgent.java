package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code hq agent attach}: every session of an agent as it goes on, those beside each other too. A line that
 * is cut is taken up where it was.
 */
@Command(name = "attach", description = "What an agent does, as it does it, until Ctrl-C (--json for programs).")
public final class AttachAgent extends Verb {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int LATEST = 50;

    @Parameters(paramLabel = "ROLE", description = "the agent, for example chief")
    String role = "";

    @Option(names = "--once", description = "end when what it is at, or does next, is over")
    boolean once;

    private final Set<String> known = new HashSet<>();
    private final AtomicInteger following = new AtomicInteger();
    private boolean begun;
    private boolean away;

    public AttachAgent(Environment environment) {
        super("agent.attach", environment);
    }

    @Override
    protected Reply run() {
        Service agent = agent();
        LiveLines shown = new LiveLines(environment(), screen(), json());
        List<JsonNode> sessions = sessions(agent);
        if (environment().terminal().out()) {
            Runtime.getRuntime().addShutdownHook(new Thread(shown::interrupted));
        }
        begin(agent, sessions, shown, true);
        if (!begun) {
            remarks()
                    .line(role + " does nothing at present; what it does next is shown here")
                    .flush();
        }
        // A reader that went away (a closed pipe) ends it too.
        while (!environment().out().checkError() && !(once && begun && following.get() == 0)) {
            LockSupport.parkNanos(LOOK.toNanos());
            begin(agent, latest(agent), shown, false);
        }
        return Reply.printed(action());
    }

    private Service agent() {
        try {
            return Service.fromWireName("agent-" + role);
        } catch (CapitaniaException e) {
            throw Failure.notFound("no agent has the role " + role);
        }
    }

    /** Follows what is open, and what began since the last look even if it is over by now. */
    private void begin(Service agent, List<JsonNode> sessions, LiveLines shown, boolean first) {
        for (JsonNode session : sessions.reversed()) {
            String id = Fields.text(session, "session_id");
            boolean over = !Fields.text(session, "closed_at").isEmpty();
            if (known.add(id) && !(first && over)) {
                begun = true;
                following.incrementAndGet();
                Thread.startVirtualThread(() -> follow(agent, id, shown));
            }
        }
    }

    private List<JsonNode> latest(Service agent) {
        try {
            List<JsonNode> sessions = sessions(agent);
            away = false;
            return sessions;
        } catch (Failure e) {
            if (!away) {
                remarks().line(e.message() + "; trying again").flush();
            }
            away = true;
            return List.of();
        }
    }

    private synchronized List<JsonNode> sessions(Service agent) {
        return Fields.items(api().get(agent, "/v1/sessions?limit=" + LATEST).body());
    }

    private synchronized Stream<String> open(Service agent, String session, String last) {
        return api().lines(
                        agent,
                        Api.path("/v1/sessions/", session) + "/live",
                        last.isEmpty() ? Map.of() : Map.of("Last-Event-ID", last));
    }

    private void follow(Service agent, String session, LiveLines shown) {
        try {
            String last = "";
            boolean over = false;
            while (!over) {
                try (Stream<String> lines = open(agent, session, last)) {
                    for (Iterator<LiveEvent> events = LiveEvent.read(lines.iterator()); !over && events.hasNext(); ) {
                        LiveEvent event = events.next();
                        last = event.id().isEmpty() ? last : event.id();
                        over = event.name().equals("end");
                        shown.show(session, event);
                    }
                } catch (UncheckedIOException e) {
                    shown.interrupted();
                } catch (Failure e) {
                    over = e.exitCode() != Failure.SYSTEM;
                    shown.interrupted();
                }
                LockSupport.parkNanos(over ? 0 : LOOK.toNanos());
            }
        } finally {
            following.decrementAndGet();
        }
    }
}

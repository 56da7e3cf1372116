package org.capitania.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Durations;
import org.capitania.cli.text.Fields;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code hq agent attach}: every session of an agent as it goes on, those beside each other too. A line that
 * is cut is taken up where it was; an agent that says nothing for too long, not even a sign of life, ends it.
 */
@Command(name = "attach", description = "What an agent does, as it does it, until Ctrl-C (--json for programs).")
public final class AttachAgent extends Verb {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** Signs of life come every five seconds. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int LATEST = 50;

    @Parameters(paramLabel = "ROLE", description = "the agent, for example chief")
    String role = "";

    @Option(names = "--once", description = "end when what it is at, or does next, is over")
    boolean once;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "how long the agent may say nothing at all; ${DEFAULT-VALUE} unless given, and at most")
    String timeout = "5m";

    /** When something was heard last, by the clock of this process: of each session that is followed, and of the list of them. */
    private final Map<String, Long> heard = new ConcurrentHashMap<>();

    private final Set<String> known = new HashSet<>();
    private final AtomicInteger following = new AtomicInteger();
    private boolean begun;
    private boolean away;
    private boolean waiting;
    private volatile boolean stopped;

    public AttachAgent(Environment environment) {
        super("agent.attach", environment);
    }

    @Override
    protected Reply run() {
        Service agent = agent();
        Duration patience = patience();
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
        try {
            // A reader that went away (a closed pipe) ends it too.
            while (!environment().out().checkError() && !(once && begun && following.get() == 0)) {
                LockSupport.parkNanos(LOOK.toNanos());
                begin(agent, latest(agent), shown, false);
                requireLife(agent, patience);
            }
        } finally {
            stopped = true;
        }
        return Reply.printed(action());
    }

    private Duration patience() {
        Duration patience = Durations.parse(timeout);
        if (patience.compareTo(Duration.ofSeconds(1)) < 0 || patience.compareTo(LONGEST) > 0) {
            throw Failure.caller("bad_time", "an agent may say nothing for between 1 s and 5 min; found " + timeout);
        }
        return patience;
    }

    /** Says what is waited for when nothing is heard, and ends when that lasts too long. */
    private void requireLife(Service agent, Duration patience) {
        long now = System.nanoTime();
        Duration silence = Duration.ofNanos(
                heard.values().stream().mapToLong(at -> now - at).max().orElse(0));
        if (silence.compareTo(patience) >= 0) {
            throw Failure.system(
                            "service_timeout",
                            agent.wireName() + " has said nothing for " + silence.toSeconds()
                                    + " s, not even a sign of life")
                    .withHint("hq agent status " + role + " shows how it is, hq logs " + agent.wireName()
                            + " why it does not answer");
        }
        boolean silent = silence.compareTo(QUIET) >= 0 || silence.compareTo(patience.dividedBy(2)) >= 0;
        if (silent && !waiting) {
            remarks()
                    .line("waiting for a sign of life from " + agent.wireName() + ", which has said nothing for "
                            + silence.toSeconds() + " s; this ends after " + patience.toSeconds()
                            + " s, or with Ctrl-C")
                    .flush();
        }
        waiting = silent;
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
                heard.put(id, System.nanoTime());
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

    private List<JsonNode> sessions(Service agent) {
        List<JsonNode> sessions =
                Fields.items(api().get(agent, "/v1/sessions?limit=" + LATEST).body());
        heard.put(agent.wireName(), System.nanoTime());
        return sessions;
    }

    private Stream<String> open(Service agent, String session, String last) {
        return api().lines(
                        agent,
                        Api.path("/v1/sessions/", session) + "/live",
                        last.isEmpty() ? Map.of() : Map.of("Last-Event-ID", last));
    }

    private void follow(Service agent, String session, LiveLines shown) {
        try {
            String last = "";
            boolean over = false;
            while (!over && !stopped) {
                try (Stream<String> lines =
                        open(agent, session, last).peek(line -> heard.put(session, System.nanoTime()))) {
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
            heard.remove(session);
            following.decrementAndGet();
        }
    }
}

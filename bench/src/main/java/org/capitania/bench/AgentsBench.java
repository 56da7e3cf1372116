package org.capitania.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.capitania.contract.Service;

/**
 * From an event on the broker to our first request to a model, by what state the agent is in; what a question to a peer, and a turn of the
 * loop, take beside the model; and many sessions at once. All services in processes of their own, the provider is a stub in this one.
 */
final class AgentsBench {
    /** Of the pauses between events, the same in every run. */
    private static final long SEED = 20261122;

    private static final int TENANTS = 25;
    private static final List<String> ROLES = List.of("chief", "operator");
    private static final int SESSIONS = TENANTS * ROLES.size();
    /** Opened with what came in; each turn asked and replied, each but the last with a result; ended, asked, remembered, closed. */
    private static final int ENTRIES = 2 + 2 * (ModelStub.SIDE_TURNS + 1) + ModelStub.SIDE_TURNS + 4;

    private static final double WARM = 200;
    private static final double COLD = 1500;
    private static final double STOPPED = 4000;
    private static final double ASK = 30;
    private static final double TURN = 10;
    private static final double MEMORY = 400;
    private static final double POLICY = 50;

    private final int events;
    private final int cooldowns;
    private final int colds;
    private final int stops;
    private final int asks;
    private final int conversations;
    private final int choices;
    /** Seeded: every run draws the same. */
    private final Random random = new Random(SEED);

    private int words;

    /** @param quick fewer of each */
    AgentsBench(boolean quick) {
        events = quick ? 10 : 200;
        cooldowns = quick ? 3 : 60;
        colds = quick ? 2 : 20;
        stops = quick ? 1 : 20;
        asks = quick ? 20 : 300;
        conversations = quick ? 2 : 20;
        choices = quick ? 200 : 2000;
    }

    List<Figure> run() {
        List<String> many =
                IntStream.rangeClosed(1, TENANTS).mapToObj(i -> "side" + i).toList();
        List<String> all =
                Stream.concat(Stream.of(BenchFleet.TENANT), many.stream()).toList();
        try (ModelStub model = new ModelStub();
                AgentsFleet fleet = new AgentsFleet(model, all)) {
            List<Figure> figures = new ArrayList<>();
            figures.add(policies());
            IntStream.range(0, 5).forEach(i -> event(fleet, model));
            // Its wake is still open, two seconds long; then only its process is warm.
            figures.add(costed(
                    fleet,
                    () -> timed("agents.event.warm.p95", events, WARM, () -> {
                        pause(100, 900);
                        return event(fleet, model);
                    })));
            figures.add(costed(
                    fleet,
                    () -> timed("agents.event.cooldown.p95", cooldowns, WARM, () -> {
                        pause(2200, 3000);
                        return event(fleet, model);
                    })));
            IntStream.range(0, 10).forEach(i -> ask(fleet, model));
            // By then operator has put the last one away: what it does after a reply is nobody's round trip.
            figures.add(costed(
                    fleet,
                    () -> timed("agents.ask.p95", asks, ASK, () -> {
                        pause(150, 400);
                        return ask(fleet, model);
                    })));
            figures.add(costed(fleet, () -> turns(fleet, model)));
            BenchFleet processes = fleet.processes();
            double memory = Cpu.residentMb(processes.pid(Service.AGENT_CHIEF))
                    + Cpu.residentMb(processes.pid(Service.AGENT_OPERATOR));
            figures.add(Figure.atMost("agents.memory", memory, "MB", "limit", MEMORY, 1));
            figures.add(timed("agents.event.cold.p95", colds, COLD, () -> {
                fleet.chiefAnew();
                return event(fleet, model);
            }));
            figures.add(timed("agents.event.stopped.p95", stops, STOPPED, () -> {
                fleet.stopChief();
                return event(fleet, model);
            }));
            fleet.serve(many);
            figures.add(sideBySide(fleet, model, many));
            return figures;
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    /** Which model a turn uses, by the rules of either workspace; of the slower agent. */
    private Figure policies() throws IOException {
        List<Figure> each = new ArrayList<>();
        for (Service agent : List.of(Service.AGENT_CHIEF, Service.AGENT_OPERATOR)) {
            List<Double> millis = BenchFleet.alone(agent, PolicyMain.class, Integer.toString(choices)).stream()
                    .map(nanos -> Long.parseLong(nanos) / 1e6)
                    .toList();
            require(millis.size(), choices, "choices of " + agent);
            each.add(Figure.atMost("agents.policy.p95", p95(millis), "ms", "limit", POLICY, choices));
        }
        return each.stream().max(Comparator.comparingDouble(Figure::value)).orElseThrow();
    }

    private interface Sample {
        double millis() throws IOException;
    }

    private static Figure timed(String name, int count, double limit, Sample sample) throws IOException {
        List<Double> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(sample.millis());
        }
        return Figure.atMost(name, p95(samples), "ms", "limit", limit, count);
    }

    private interface Measured {
        Figure run() throws IOException;
    }

    /** With what all processes compute for one; they must be the same ones before and after. */
    private static Figure costed(AgentsFleet fleet, Measured measured) throws IOException {
        double before = fleet.processes().cpuMillis();
        Figure figure = measured.run();
        return figure.withCpu((fleet.processes().cpuMillis() - before) / figure.runs(), 0);
    }

    /** From the event to the first request to a model; returns when the work is over. */
    private double event(AgentsFleet fleet, ModelStub model) {
        String word = word("one");
        long start = fleet.write(BenchFleet.TENANT, "chief", word);
        double millis = (model.first(word).arrived() - start) / 1e6;
        model.awaitLast(word);
        fleet.awaitRest("chief");
        return millis;
    }

    /** Question to answer, both awake, without what the provider took. */
    private double ask(AgentsFleet fleet, ModelStub model) {
        String word = word("ask");
        long nanos = fleet.ask(word);
        ModelStub.Call call = model.first(word);
        return (nanos - (call.answered() - call.arrived())) / 1e6;
    }

    /** From an answer of the provider to our next request, in turns whose calls never leave the loop. */
    private Figure turns(AgentsFleet fleet, ModelStub model) {
        List<Double> samples = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            String word = word("turns");
            fleet.write(BenchFleet.TENANT, "chief", word);
            model.awaitLast(word);
            fleet.awaitRest("chief");
            List<ModelStub.Call> calls = turnsOf(model, word, ModelStub.TURNS + 1);
            for (int turn = 1; turn < calls.size(); turn++) {
                samples.add((calls.get(turn).arrived() - calls.get(turn - 1).answered()) / 1e6);
            }
        }
        return Figure.atMost("agents.turn.p95", p95(samples), "ms", "limit", TURN, samples.size());
    }

    /** Both agents of many tenants at work at once, each with a tool in each turn; every step once. */
    private Figure sideBySide(AgentsFleet fleet, ModelStub model, List<String> tenants) throws SQLException {
        List<String> mine = new ArrayList<>();
        double cpu = fleet.processes().cpuMillis();
        for (String role : ROLES) {
            for (String tenant : tenants) {
                mine.add(word("side"));
                fleet.write(tenant, role, mine.getLast());
            }
        }
        mine.forEach(model::awaitLast);
        BenchPostgres postgres = fleet.processes().postgres();
        ModelStub.await("all sessions were closed", () -> closed(postgres) == SESSIONS);
        double each = (fleet.processes().cpuMillis() - cpu) / (SESSIONS * (ModelStub.SIDE_TURNS + 1));
        long most = most(mine.stream().map(model::of).toList());
        mine.forEach(word -> turnsOf(model, word, ModelStub.SIDE_TURNS + 1));
        int calls = SESSIONS * ModelStub.SIDE_TURNS;
        for (Service agent : List.of(Service.AGENT_CHIEF, Service.AGENT_OPERATOR)) {
            String rows = " FROM " + agent.schema() + ".session_entries WHERE tenant_id LIKE 'side%'";
            require(postgres.number("SELECT count(*)" + rows), (long) ENTRIES * TENANTS, "entries of " + agent);
        }
        String rows = " FROM ledger.calls WHERE tenant_id LIKE 'side%' AND tool = 'hq_search' AND status = 'done'";
        require(postgres.number("SELECT count(*)" + rows), calls, "calls");
        require(postgres.number("SELECT count(DISTINCT input ->> 'query')" + rows), calls, "calls of their own");
        return Figure.atLeast("agents.parallel.sessions", most, "at once", "limit", SESSIONS, 1)
                .withCpu(each, 0);
    }

    private static void require(long found, long expected, String what) {
        if (found != expected) {
            throw new IllegalStateException(
                    "the work is wrong: " + found + " " + what + ", and there should be " + expected);
        }
    }

    private static long closed(BenchPostgres postgres) {
        try {
            return postgres.number(
                    "SELECT (SELECT count(*) FROM agent_chief.sessions WHERE tenant_id LIKE 'side%' AND closed_at"
                            + " IS NOT NULL) + (SELECT count(*) FROM agent_operator.sessions WHERE tenant_id LIKE 'side%' AND closed_at"
                            + " IS NOT NULL)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many conversations there were at a time, from the first request to the last answer of each. */
    private static long most(List<List<ModelStub.Call>> conversations) {
        return conversations.stream()
                .map(calls -> edge(calls, ModelStub.Call::arrived, false))
                .mapToLong(at -> conversations.stream()
                        .filter(calls -> edge(calls, ModelStub.Call::arrived, false) <= at
                                && at <= edge(calls, ModelStub.Call::answered, true))
                        .count())
                .max()
                .orElse(0);
    }

    private static double edge(List<ModelStub.Call> calls, ToDoubleFunction<ModelStub.Call> time, boolean last) {
        var times = calls.stream().mapToDouble(time);
        return (last ? times.max() : times.min()).orElseThrow();
    }

    /** The turns of a conversation in order; each once, or the work is wrong. */
    private static List<ModelStub.Call> turnsOf(ModelStub model, String word, int count) {
        List<ModelStub.Call> turns =
                model.of(word).stream().filter(call -> !call.last()).toList();
        List<Integer> numbers = turns.stream().map(ModelStub.Call::turn).toList();
        if (!numbers.equals(IntStream.range(0, count).boxed().toList())) {
            throw new IllegalStateException("the work is wrong: the turns of " + word + " were " + numbers);
        }
        return turns;
    }

    private String word(String kind) {
        return "bench-" + kind + "-" + ++words;
    }

    private void pause(int least, int most) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(least, most)));
    }

    private static double p95(List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * 0.95));
    }
}

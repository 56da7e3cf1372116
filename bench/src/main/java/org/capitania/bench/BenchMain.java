package org.capitania.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.capitania.contract.Json;
import org.capitania.embedded.MachineProblem;

/** Runs benchmarks and prints one line a figure, as JSON; remarks go to stderr. Exit code 1 when a goal is missed. */
public final class BenchMain {
    private static final Map<String, Function<Boolean, List<Figure>>> ALL = Map.of(
            "agents", quick -> new AgentsBench(quick).run(),
            "describe", quick -> new DescribeBench(quick).run(),
            "gateway", quick -> new GatewayBench(quick).run(),
            "load", quick -> new LoadBench(quick).run(),
            "mutations", quick -> new MutationsBench(quick).run(),
            "relay", quick -> new RelayBench(quick).run(),
            "search", quick -> new SearchBench(quick).run(),
            "time", quick -> new TimeBench(quick).run());

    private static final int WRONG = 3;

    private BenchMain() {}

    /** @param args names, all when none is given; {@code --quick} */
    public static void main(String[] args) {
        Logs.likeAService();
        List<String> names = new ArrayList<>(Arrays.asList(args));
        boolean quick = names.remove("--quick");
        if (names.isEmpty()) {
            ALL.keySet().stream().sorted().forEach(names::add);
        }
        boolean holds = true;
        for (String name : names) {
            Function<Boolean, List<Figure>> bench = ALL.get(name);
            if (bench == null) {
                System.err.println("no benchmark is called " + name + "; there are " + String.join(", ", ALL.keySet()));
                System.exit(2);
                return;
            }
            try {
                for (Figure figure : bench.apply(quick)) {
                    System.out.println(Json.write(figure));
                    holds &= figure.holds();
                }
            } catch (MachineProblem e) {
                System.err.println("bench: " + name + ": " + e.line());
                System.exit(MachineProblem.EXIT_CODE);
            } catch (RuntimeException e) {
                // No figure of work that went wrong, and no mistaking it for a goal that was missed.
                e.printStackTrace();
                System.exit(WRONG);
            }
        }
        System.exit(holds ? 0 : 1);
    }
}

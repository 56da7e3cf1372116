package org.capitania.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.capitania.cli.action.Annotate;
import org.capitania.cli.action.ListDoubts;
import org.capitania.cli.action.Settle;
import org.capitania.cli.agent.AgentFigures;
import org.capitania.cli.agent.AgentStatus;
import org.capitania.cli.agent.AttachAgent;
import org.capitania.cli.agent.Broadcast;
import org.capitania.cli.agent.ControlAgent;
import org.capitania.cli.agent.Inbox;
import org.capitania.cli.agent.MessageAgent;
import org.capitania.cli.agent.ReplyToAsk;
import org.capitania.cli.agent.Roster;
import org.capitania.cli.agent.RunAgent;
import org.capitania.cli.beat.ListBeats;
import org.capitania.cli.beat.RunBeat;
import org.capitania.cli.bench.RunBench;
import org.capitania.cli.budget.RaiseBudget;
import org.capitania.cli.budget.SetBudget;
import org.capitania.cli.budget.ShowBudget;
import org.capitania.cli.completion.Completion;
import org.capitania.cli.completion.PrintCompletion;
import org.capitania.cli.events.ListTopics;
import org.capitania.cli.events.ReplayEvents;
import org.capitania.cli.events.TailEvents;
import org.capitania.cli.fleet.Build;
import org.capitania.cli.fleet.ControlService;
import org.capitania.cli.fleet.Doctor;
import org.capitania.cli.fleet.Down;
import org.capitania.cli.fleet.Logs;
import org.capitania.cli.fleet.SignIn;
import org.capitania.cli.fleet.Status;
import org.capitania.cli.fleet.Up;
import org.capitania.cli.gap.ListGaps;
import org.capitania.cli.gap.ShowGap;
import org.capitania.cli.gap.TriageGaps;
import org.capitania.cli.graph.Cypher;
import org.capitania.cli.graph.Describe;
import org.capitania.cli.graph.History;
import org.capitania.cli.graph.ProducerHealth;
import org.capitania.cli.graph.Search;
import org.capitania.cli.graph.Timeline;
import org.capitania.cli.graph.Types;
import org.capitania.cli.ingest.IngestEmail;
import org.capitania.cli.ledger.VerifyLedger;
import org.capitania.cli.mcp.ServeMcp;
import org.capitania.cli.notification.ListNotifications;
import org.capitania.cli.notification.ResolveNotification;
import org.capitania.cli.person.ErasePerson;
import org.capitania.cli.proposal.ApproveProposal;
import org.capitania.cli.proposal.ListProposals;
import org.capitania.cli.proposal.RejectProposal;
import org.capitania.cli.proposal.ShowProposal;
import org.capitania.cli.retention.KeepHistory;
import org.capitania.cli.review.ShowReview;
import org.capitania.cli.state.Load;
import org.capitania.cli.state.Rebuild;
import org.capitania.cli.token.IssueToken;
import org.capitania.cli.tool.GeneratedVerb;
import org.capitania.cli.tool.ListTools;
import org.capitania.cli.tool.ProposeChange;
import org.capitania.cli.tool.ReadTrace;
import org.capitania.cli.tool.RollBackWrite;
import org.capitania.cli.tool.Ungate;
import org.capitania.cli.trace.ShowTrace;
import org.capitania.cli.training.Train;
import org.capitania.cli.watchdog.WatchdogStatus;
import picocli.CommandLine;

/**
 * Every word that may follow {@code hq}. Only the one that is asked for is built: reflection over all of them would be most of a
 * verb's time.
 */
final class Commands {
    private static final Set<String> WITHOUT_VALUE = Set.of("--json", "--text");
    private static final Set<String> WITH_VALUE = Set.of("--reason", "--tenant", "--actor");

    /** Nouns of the design that have no verb of their own here: the tool catalogue has them, or nothing has them yet. */
    private static final List<String> DESIGNED = List.of(
            "action",
            "autonomy",
            "conversation",
            "engagement",
            "entity",
            "event",
            "expectation",
            "feature",
            "graduation",
            "intent",
            "interaction",
            "memory",
            "playbook",
            "producer",
            "project",
            "review",
            "task");

    /** Verbs of nouns that the catalogue has, which it has not. */
    private static final Map<String, Map<String, Function<Environment, Verb>>> BESIDE_THE_CATALOGUE = Map.of(
            "action",
            Map.of("doubts", ListDoubts::new, "settle", Settle::new, "annotate", Annotate::new),
            "producer",
            Map.of("health", ProducerHealth::new),
            "review",
            Map.of("show", ShowReview::new));

    private final Map<String, Function<Environment, CommandLine>> words = new LinkedHashMap<>();

    private Commands() {
        words.put("up", e -> new CommandLine(new Up(e)));
        words.put("down", e -> new CommandLine(new Down(e)));
        words.put("status", e -> new CommandLine(new Status(e)));
        words.put("logs", e -> new CommandLine(new Logs(e)));
        words.put("doctor", e -> new CommandLine(new Doctor(e)));
        words.put("build", e -> new CommandLine(new Build(e)));
        words.put("sign-in", e -> new CommandLine(new SignIn(e)));
        words.put("_service", e -> new CommandLine(new ControlService(e)));
        words.put("_train", e -> new CommandLine(new Train(e)));
        words.put("ingest", e -> Noun.of("Hand in what came.", new IngestEmail(e)));
        words.put(
                "proposal",
                e -> Noun.of(
                        "What waits for you.",
                        new ListProposals(e),
                        new ShowProposal(e),
                        new ApproveProposal(e),
                        new RejectProposal(e),
                        new ProposeChange(e),
                        new RollBackWrite(e)));
        words.put(
                "trace",
                e -> Noun.of("What an agent did.", new ShowTrace(e))
                        .addSubcommand("inputs", new ReadTrace("inputs", e))
                        .addSubcommand("decided", new ReadTrace("decided", e))
                        .addSubcommand("replay", new ReadTrace("replay", e))
                        .addSubcommand("explain", new ReadTrace("explain", e)));
        words.put(
                "agent",
                e -> Noun.of(
                                "The agents.",
                                new AttachAgent(e),
                                new RunAgent(e),
                                new ControlAgent.Pause(e),
                                new ControlAgent.Resume(e),
                                new ControlAgent.Restart(e),
                                new ControlAgent.Handover(e),
                                new MessageAgent.Ask(e),
                                new MessageAgent.Send(e),
                                new ReplyToAsk(e),
                                new Broadcast(e),
                                new Roster(e),
                                new Inbox(e),
                                new AgentFigures(e),
                                new Ungate(e))
                        .addSubcommand("status", new AgentStatus("status", e))
                        .addSubcommand("list", new AgentStatus("list", e))
                        .addSubcommand("presence", new AgentStatus("presence", e)));
        words.put("describe", e -> new CommandLine(new Describe.Now(e)));
        words.put("history", e -> new CommandLine(new History(e)));
        words.put("as-of", e -> new CommandLine(new Describe.AsOf(e)));
        words.put("gap", e -> Noun.of("What is missing.", new ListGaps(e), new ShowGap(e), new TriageGaps(e)));
        words.put(
                "budget",
                e -> Noun.of("What the agents may spend.", new ShowBudget(e), new SetBudget(e), new RaiseBudget(e)));
        words.put("beat", e -> Noun.of("What happens by the clock.", new ListBeats(e), new RunBeat(e)));
        words.put("search", e -> new CommandLine(new Search(e)));
        words.put("types", e -> new CommandLine(new Types(e)));
        words.put("cypher", e -> new CommandLine(new Cypher(e)));
        words.put("timeline", e -> new CommandLine(new Timeline(e)));
        words.put(
                "events",
                e -> Noun.of("The event streams.", new ListTopics(e), new TailEvents(e), new ReplayEvents(e)));
        words.put("state", e -> Noun.of("The store.", new Rebuild(e), new Load(e)));
        words.put(
                "retention",
                e -> Noun.of(
                        "How long history is kept.",
                        new KeepHistory.Show(e),
                        new KeepHistory.Choose(e),
                        new KeepHistory.Apply(e)));
        words.put("person", e -> Noun.of("What is known of a person.", new ErasePerson(e)));
        words.put("ledger", e -> Noun.of("The record of every act.", new VerifyLedger(e)));
        words.put("tools", e -> Noun.of("The tools.", new ListTools(e)));
        words.put("mcp-serve", e -> new CommandLine(new ServeMcp(e)));
        words.put(
                "notification",
                e -> Noun.of("What agents told you.", new ListNotifications(e), new ResolveNotification(e)));
        words.put("bench", e -> new CommandLine(new RunBench(e)));
        words.put("token", e -> new CommandLine(new IssueToken(e)));
        words.put("completion", e -> new CommandLine(new PrintCompletion(e)));
        words.put("watchdog", e -> Noun.of("Who looks after the fleet.", new WatchdogStatus(e)));
        DESIGNED.forEach(noun -> words.put(noun, e -> GeneratedVerb.of(noun, Set.of(), e, beside(noun, e))));
    }

    /** Whether the envelope is asked for; needed where the arguments are too wrong to be parsed. */
    static boolean json(List<String> arguments) {
        int end = arguments.indexOf("--");
        return arguments.subList(0, end < 0 ? arguments.size() : end).contains("--json");
    }

    /** The command line for these arguments; all words when none is recognised, so that help and suggestions are whole. */
    static CommandLine forArguments(Environment environment, List<String> arguments) {
        Commands commands = new Commands();
        CommandLine root = new CommandLine(new Root());
        Optional<String> first = arguments.stream().findFirst().filter(word -> !word.startsWith("-"));
        if (first.isPresent() && besideTheCatalogue(first.get(), arguments)) {
            CommandLine noun = Noun.of("What the catalogue has not.");
            beside(first.get(), environment).forEach(noun::addSubcommand);
            root.addSubcommand(first.get(), noun);
        } else if (first.isPresent() && commands.words.containsKey(first.get())) {
            commands.add(root, first.get(), arguments, environment);
        } else if (first.isPresent() && !first.get().equals("help")) {
            root.addSubcommand(
                    first.get(), GeneratedVerb.of(first.get(), commands.words.keySet(), environment, Map.of()));
        } else {
            root.addSubcommand(new CommandLine.HelpCommand());
            commands.words.keySet().forEach(word -> commands.add(root, word, List.of(), environment));
        }
        return root;
    }

    /** The arguments with the options that stand before the first word moved behind all others. */
    static List<String> sorted(String... given) {
        List<String> rest = new ArrayList<>(Arrays.asList(given));
        List<String> moved = new ArrayList<>();
        while (!rest.isEmpty()) {
            String option = rest.getFirst();
            int length = WITHOUT_VALUE.contains(option) || WITH_VALUE.stream().anyMatch(o -> option.startsWith(o + "="))
                    ? 1
                    : WITH_VALUE.contains(option) ? 2 : 0;
            if (length == 0 || length > rest.size()) {
                break;
            }
            moved.addAll(rest.subList(0, length));
            rest.subList(0, length).clear();
        }
        int end = rest.contains("--") ? rest.indexOf("--") : rest.size();
        rest.addAll(end, moved);
        return rest;
    }

    private static boolean besideTheCatalogue(String noun, List<String> arguments) {
        return arguments.size() > 1
                && BESIDE_THE_CATALOGUE.getOrDefault(noun, Map.of()).containsKey(arguments.get(1));
    }

    private static Map<String, CommandLine> beside(String noun, Environment environment) {
        Map<String, CommandLine> verbs = new TreeMap<>();
        BESIDE_THE_CATALOGUE
                .getOrDefault(noun, Map.of())
                .forEach((verb, make) -> verbs.put(verb, new CommandLine(make.apply(environment))));
        return verbs;
    }

    /** The words as completion sees them. */
    record ForCompletion(Environment environment) implements Completion.Words {
        private static final Commands COMMANDS = new Commands();
        private static final Map<String, Set<String>> COMPILED = new ConcurrentHashMap<>();

        @Override
        public List<String> all() {
            return COMMANDS.words.keySet().stream()
                    .filter(word -> !word.startsWith("_"))
                    .toList();
        }

        @Override
        public Optional<CommandLine> command(String word) {
            return Optional.ofNullable(COMMANDS.words.get(word)).map(make -> make.apply(environment));
        }

        @Override
        public Map<String, CommandLine> beside(String word) {
            return Commands.beside(word, environment);
        }

        @Override
        public boolean ofTheCatalogue(String word, String verb) {
            return DESIGNED.contains(word)
                    || !COMMANDS.words.containsKey(word)
                    || (!verb.isEmpty() && lacks(compiled(word), verb));
        }

        /** Made once: each takes some milliseconds. */
        private Set<String> compiled(String word) {
            return COMPILED.computeIfAbsent(
                    word, w -> command(w).orElseThrow().getSubcommands().keySet());
        }
    }

    /** A verb that a noun has not compiled in is the catalogue's, if it has it. */
    private void add(CommandLine root, String word, List<String> arguments, Environment environment) {
        CommandLine command = Objects.requireNonNull(words.get(word)).apply(environment);
        String verb = arguments.size() > 1 ? arguments.get(1) : "-";
        if (!verb.startsWith("-")
                && lacks(command.getSubcommands().keySet(), verb)
                && GeneratedVerb.has(word, verb, environment)) {
            root.addSubcommand(word, GeneratedVerb.of(word, Set.of(), environment, Map.of()));
            return;
        }
        command.getCommandSpec().usageMessage().hidden(word.startsWith("_") || DESIGNED.contains(word));
        root.addSubcommand(word, command);
    }

    /** Whether a word that groups verbs has no such one. */
    private static boolean lacks(Set<String> compiled, String verb) {
        return !compiled.isEmpty() && !compiled.contains(verb);
    }
}

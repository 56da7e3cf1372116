package org.capitania.cli.completion;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.cli.Environment;
import org.capitania.cli.text.Wrap;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What may stand for a word that was begun, from the same definitions that the verbs are built from. It prints one candidate a line, with
 * a tab and what it means behind it where that is known; whatever goes wrong, it offers nothing and says nothing.
 */
public final class Completion {
    private static final int LONGEST = 70;

    private final Environment environment;
    private final Words words;
    private final Map<String, String> found = new LinkedHashMap<>();

    /** The words that hq itself has. */
    public interface Words {
        List<String> all();

        Optional<CommandLine> command(String word);

        /** The verbs of a word that the catalogue does not have, by name. */
        Map<String, CommandLine> beside(String word);

        /** Whether it is the catalogue that has a verb of this word. */
        boolean ofTheCatalogue(String word, String verb);
    }

    public Completion(Environment environment, Words words) {
        this.environment = environment;
        this.words = words;
    }

    /**
     * Prints the candidates.
     *
     * @param said the words after {@code hq}; the last one, which may be empty, is the one that was begun
     */
    public void print(List<String> said) {
        String last = said.isEmpty() ? "" : said.getLast();
        List<String> before = new ArrayList<>(said.isEmpty() ? List.of() : said.subList(0, said.size() - 1));
        int equals = last.startsWith("--") ? last.indexOf('=') : -1;
        if (equals > 0) {
            before.add(last.substring(0, equals));
        }
        String begun = last.substring(equals + 1);
        String kept = last.substring(0, equals + 1);
        try (Known known = new Known(environment)) {
            if (before.isEmpty()) {
                first(begun, known);
            } else {
                after(before, begun, known);
            }
        }
        found.forEach((word, what) -> {
            if (word.startsWith(begun)) {
                environment.out().println(kept + Wrap.printable(word) + (what.isEmpty() ? "" : "\t" + what));
            }
        });
        environment.out().flush();
    }

    /** A command is made only if it may be meant: each takes some milliseconds. */
    private void first(String begun, Known known) {
        List<String> meant =
                words.all().stream().filter(word -> word.startsWith(begun)).toList();
        meant.stream()
                .filter(word -> !words.ofTheCatalogue(word, ""))
                .forEach(word -> words.command(word).ifPresent(command -> offer(word, about(command))));
        known.nouns().forEach(this::offer);
        meant.forEach(word -> offer(word, ""));
    }

    private void after(List<String> before, String begun, Known known) {
        String noun = before.getFirst();
        List<String> rest = before.subList(1, before.size());
        String verb = rest.isEmpty() ? "" : rest.getFirst();
        Map<String, CommandLine> beside = words.beside(noun);
        if (beside.containsKey(verb)) {
            command(beside.get(verb), rest.subList(1, rest.size()), begun, known);
            return;
        }
        if (!words.ofTheCatalogue(noun, "")) {
            words.command(noun).ifPresent(command -> command(command, rest, begun, known));
        }
        beside.forEach((name, it) -> {
            if (rest.isEmpty()) {
                offer(name, about(it));
            }
        });
        new ToolWords(noun, known).offer(rest, begun, (word, what) -> {
            if (words.ofTheCatalogue(noun, rest.isEmpty() ? word : verb)) {
                offer(word, what);
            }
        });
    }

    /** A command that is compiled in: its subcommands, its options with their values, its parameters. */
    private void command(CommandLine start, List<String> said, String begun, Known known) {
        CommandLine at = start;
        List<String> rest = said;
        while (!rest.isEmpty() && at.getSubcommands().containsKey(rest.getFirst())) {
            at = at.getSubcommands().get(rest.getFirst());
            rest = rest.subList(1, rest.size());
        }
        CommandSpec spec = at.getCommandSpec();
        Optional<OptionSpec> open = openOption(spec, rest);
        if (open.isPresent()) {
            values(open.get(), known);
        } else if (begun.startsWith("-")) {
            options(spec);
        } else {
            at.getSubcommands().forEach((name, sub) -> {
                if (!sub.getCommandSpec().usageMessage().hidden()) {
                    offer(name, about(sub));
                }
            });
            int index = places(spec, rest);
            spec.positionalParameters().stream()
                    .filter(parameter ->
                            !parameter.hidden() && parameter.index().contains(index))
                    .forEach(parameter -> values(parameter, known));
        }
    }

    /** The option that waits for its value. */
    private static Optional<OptionSpec> openOption(CommandSpec spec, List<String> said) {
        return said.isEmpty()
                ? Optional.empty()
                : Optional.of(said.getLast())
                        .filter(word -> word.startsWith("-"))
                        .flatMap(word -> Optional.ofNullable(spec.findOption(word)))
                        .filter(option -> option.arity().max() > 0);
    }

    /** How many parameters were given. */
    private static int places(CommandSpec spec, List<String> said) {
        int places = 0;
        for (int i = 0; i < said.size(); i++) {
            boolean value = i > 0 && openOption(spec, said.subList(0, i)).isPresent();
            places += value || said.get(i).startsWith("-") ? 0 : 1;
        }
        return places;
    }

    private void options(CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                offer(option.longestName(), String.join(" ", option.description()));
            }
        }
    }

    private void values(ArgSpec argument, Known known) {
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(value -> offer(value, ""));
        }
        known.named(argument.paramLabel()).forEach(this::offer);
    }

    private static String about(CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        return description.length == 0 ? "" : description[0];
    }

    private void offer(String word, String what) {
        List<String> lines = new ArrayList<>(what.lines().toList());
        found.putIfAbsent(word, lines.isEmpty() ? "" : Wrap.cut(lines.getFirst(), LONGEST));
    }
}

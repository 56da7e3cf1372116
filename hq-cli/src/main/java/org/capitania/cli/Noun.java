package org.capitania.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that only groups verbs; alone it is wrong use. */
@Command
final class Noun implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    boolean help;

    static CommandLine of(String description, Verb... verbs) {
        CommandLine line = new CommandLine(new Noun());
        line.getCommandSpec().usageMessage().description(description);
        for (Verb verb : verbs) {
            line.addSubcommand(verb);
        }
        return line;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: hq " + spec.name() + " "
                        + String.join("|", spec.subcommands().keySet()));
    }
}

package org.capitania.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.capitania.cli.completion.Completion;
import org.capitania.cli.text.Screen;
import org.capitania.contract.JsonTree;
import picocli.CommandLine;

/** The {@code hq} command behind the script of that name. */
public final class Main {
    private Main() {}

    /** Halts: {@link System#exit} would start the JDK's logging to ask it. The shutdown hooks that there are serve an interruption only. */
    public static void main(String[] args) {
        int code = run(Environment.ofThisProcess(), args);
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    /** Runs one command; its exit code is 0 done, 1 the caller's fault, 2 the system's fault, 3 not found. */
    public static int run(Environment environment, String... args) {
        if (args.length > 0 && args[0].equals("_complete")) {
            List<String> said = Arrays.asList(args).subList(1, args.length);
            new Completion(environment, new Commands.ForCompletion(environment)).print(said);
            return 0;
        }
        List<String> arguments = Commands.sorted(args);
        CommandLine commands = Commands.forArguments(environment, arguments);
        boolean json = Commands.json(arguments);
        commands.setOut(new PrintWriter(environment.out(), true));
        commands.setParameterExceptionHandler((e, given) -> wrongUse(environment, json, e));
        commands.setExecutionExceptionHandler((e, command, parsed) -> new Printer(environment, json)
                .print(
                        words(command),
                        e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e),
                        null));
        return commands.execute(arguments.toArray(String[]::new));
    }

    private static int wrongUse(Environment environment, boolean json, CommandLine.ParameterException e) {
        String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        String[] lines = String.valueOf(e.getMessage()).split("\\R", 2);
        if (json) {
            Failure failure = Failure.caller("wrong_use", lines[0]).withHint(help + " shows how");
            environment.out().println(JsonTree.text(Envelope.of(words(e.getCommandLine()), failure, null)));
            environment.out().flush();
        }
        Screen err = Printer.err(environment);
        err.line(err.paint(Screen.Style.BAD, "hq: ") + lines[0]);
        CommandLine.UnmatchedArgumentException.printSuggestions(e, new PrintWriter(environment.err(), true));
        err.line(err.paint(Screen.Style.DIM, "    " + help + " shows how"));
        err.flush();
        return Failure.CALLER;
    }

    /** The action's name, as a verb's envelope has it: the words after {@code hq}. */
    private static String words(CommandLine command) {
        return command.getCommandSpec().qualifiedName(".").replaceFirst("^hq\\.", "");
    }
}

package org.capitania.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hq} itself. */
@Command(
        name = "hq",
        description = "Runs a company's fleet on this machine, and speaks to it.",
        footerHeading = "%nMore:%n",
        footer = {
            "  hq test [--soak]   the whole build with all tests",
            "  hq NOUN VERB       any tool of the catalogue, for example hq task create (hq tools list)",
            "Exit codes: 0 done, 1 your fault, 2 the system's fault, 3 not found. --json prints one object."
        },
        version = "hq 0.1.0-SNAPSHOT")
final class Root implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show the version")
    boolean version;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "say what to do, for example hq up, hq status or hq proposal list");
    }
}

package org.capitania.cli;

import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A verb that the design names and this version does not have: it says so, whatever its arguments are. */
@Command(description = "Not available yet.")
final class NotAvailableYet extends Verb {
    private static final Map<String, String> COMES_WITH = Map.ofEntries(
            Map.entry("agent.run", "agents that are processes of their own at a prompt; hq up runs those there are"),
            Map.entry("agent.attach", "the live transcript of a run; hq trace show TASK has what was done so far"));

    @Parameters(arity = "0..*", hidden = true)
    List<String> ignored = List.of();

    private NotAvailableYet(String action, Environment environment) {
        super(action, environment);
    }

    static CommandLine of(String action, Environment environment) {
        return new CommandLine(new NotAvailableYet(action, environment)).setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    protected Reply run() {
        String part = COMES_WITH.get(action());
        if (part == null) {
            throw new IllegalStateException(action() + " does not say with what it comes");
        }
        throw new CapitaniaException(
                        ErrorCode.NOT_AVAILABLE_YET,
                        "hq " + action().replace('.', ' ') + " is not available yet" + ": it comes with " + part)
                .withHint("hq help lists what is");
    }
}

package org.capitania.cli;

import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A verb that the design names and this version does not have: it says so, whatever its arguments are. */
@Command(description = "Not available yet.")
final class NotAvailableYet extends Verb {
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
        throw new CapitaniaException(
                        ErrorCode.NOT_AVAILABLE_YET, "hq " + action().replace('.', ' ') + " is not available yet")
                .withHint("hq help lists what is");
    }
}

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
    private static final Map<String, String> COMES_WITH = Map.of(
            "trace.inputs", "the record of each model call's inputs",
            "trace.decided", "the calibration of decisions",
            "trace.replay", "the playbook loop, which tries changes on old work",
            "trace.explain", "the nightly look at incidents",
            "agent.handover", "agents that manage agents",
            "agent.broadcast", "project agents",
            "agent.roster", "project agents",
            "agent.attach", "the live transcript of a run");

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
        throw new CapitaniaException(
                        ErrorCode.NOT_AVAILABLE_YET,
                        "hq " + action().replace('.', ' ') + " is not available yet"
                                + (part == null ? "" : ": it comes with " + part))
                .withHint("hq help lists what is");
    }
}

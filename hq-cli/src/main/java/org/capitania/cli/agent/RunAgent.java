package org.capitania.cli.agent;

import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code hq agent run}: in the design the door by which the supervisor hands an agent its events. Here it does
 * that by a wake, under a lease, and nobody else can.
 */
@Command(name = "run", hidden = true, description = "Only the supervisor runs an agent.")
public final class RunAgent extends Verb {
    @Parameters(paramLabel = "ROLE", arity = "0..*", hidden = true)
    List<String> ignored = List.of();

    public RunAgent(Environment environment) {
        super("agent.run", environment);
    }

    @Override
    protected Reply run() {
        throw new CapitaniaException(
                        ErrorCode.DENIED,
                        "only the supervisor runs an agent: it alone gives the lease under which one acts")
                .withHint("hq agent send ROLE TEXT gives it something to do, hq agent attach ROLE shows what it does");
    }
}

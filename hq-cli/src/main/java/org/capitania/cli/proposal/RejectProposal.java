package org.capitania.cli.proposal;

import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.contract.api.RejectRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq proposal reject}: nothing happens, and the agent reads why. */
@Command(name = "reject", description = "Say no; --reason tells the agent why.")
public final class RejectProposal extends ProposalVerb {
    @Parameters(paramLabel = "ID", description = "its id, or the end of it as listed")
    String id = "";

    public RejectProposal(Environment environment) {
        super("proposal.reject", environment);
    }

    @Override
    protected Reply run() {
        String why = reason();
        if (why == null || why.isBlank()) {
            throw Failure.caller("bad_request", "a rejection needs --reason: the agent learns from it");
        }
        return decided(decide(resolve(id), "reject", new RejectRequest(why)), "rejected");
    }
}

package org.capitania.cli.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import org.capitania.contract.api.ProposalStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq proposal list}. */
@Command(name = "list", description = "What waits for you, and what became of the rest.")
public final class ListProposals extends Verb {
    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "pending, approved, executing, executed, rejected, stale, expired, failed or unknown")
    @Nullable
    String status;

    public ListProposals(Environment environment) {
        super("proposal.list", environment);
    }

    @Override
    protected Reply run() {
        String filter = status == null
                ? ""
                : "?status=" + ProposalStatus.fromWire(status).wire();
        JsonNode data =
                api().get(Service.APPROVAL_SERVICE, "/v1/proposals" + filter).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        Table table = new Table("ID", "STATUS", "RISK", "AGENT", "TOOL", "ASKED", "SUMMARY");
        for (JsonNode proposal : Fields.items(data)) {
            String status = Fields.text(proposal, "status");
            table.row(
                            ShortIds.of(Fields.text(proposal, "id")),
                            status,
                            Fields.text(proposal, "risk"),
                            Fields.text(proposal, "agent").replaceFirst("^agent:", ""),
                            Fields.text(proposal, "tool"),
                            screen.ages().of(Fields.text(proposal, "created_at")),
                            Fields.text(proposal, "summary"))
                    .style(1, ProposalVerb.style(status));
        }
        if (table.isEmpty()) {
            screen.line("nothing waits");
        } else {
            table.print(screen);
        }
    }
}

package org.capitania.cli.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Table;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.ProposalStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hq proposal list}. */
@Command(name = "list", description = "What waits for you, and what became of the rest.")
public final class ListProposals extends WatchedVerb {
    @Option(
            names = "--status",
            paramLabel = "STATUS",
            completionCandidates = Statuses.class,
            description = "pending, approved, executing, executed, rejected, stale, expired, failed or unknown")
    @Nullable
    String status;

    /** For completion. */
    static final class Statuses extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Statuses() {
            for (ProposalStatus each : ProposalStatus.values()) {
                add(each.wire());
            }
        }
    }

    @Option(names = "--kind", paramLabel = "KIND", description = "tool_call, which all of them are yet")
    @Nullable
    String kind;

    @Option(names = "--tool", paramLabel = "TOOL", description = "only calls of this tool, for example email_send")
    @Nullable
    String tool;

    @Option(names = "--agent", paramLabel = "ROLE", description = "only what this agent asked for")
    @Nullable
    String agent;

    public ListProposals(Environment environment) {
        super("proposal.list", environment);
    }

    @Override
    protected Reply run() {
        if (kind != null && !kind.equals("tool_call")) {
            throw new CapitaniaException(
                    ErrorCode.NOT_AVAILABLE_YET,
                    "proposals of kind " + kind
                            + " are not available yet: they come with migrations and the learning loops; all there are"
                            + " are of kind tool_call");
        }
        String filter = status == null
                ? ""
                : "?status=" + ProposalStatus.fromWire(status).wire();
        JsonNode data = chosen(
                api().get(Service.APPROVAL_SERVICE, "/v1/proposals" + filter).body());
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private JsonNode chosen(JsonNode all) {
        if (tool == null && agent == null) {
            return all;
        }
        ArrayNode chosen = JsonNodeFactory.instance.arrayNode();
        for (JsonNode proposal : Fields.items(all)) {
            String by = Fields.text(proposal, "agent").replaceFirst("^agent:", "");
            if ((tool == null || tool.equals(Fields.text(proposal, "tool"))) && (agent == null || agent.equals(by))) {
                chosen.add(proposal);
            }
        }
        return JsonNodeFactory.instance.objectNode().set("items", chosen);
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
            screen.line("no proposals");
        } else {
            table.print(screen);
        }
    }
}

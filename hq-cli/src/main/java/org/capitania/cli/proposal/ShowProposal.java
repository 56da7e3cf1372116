package org.capitania.cli.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.call.Api;
import org.capitania.cli.graph.MailThread;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.ShortIds;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq proposal show}: the thread it answers, the draft, and what was decided. */
@Command(name = "show", description = "One proposal: the thread, the draft, what was decided.")
public final class ShowProposal extends ProposalVerb {
    private static final String EXACT = "exact_arguments";

    @Parameters(paramLabel = "ID", description = "its id, or the end of it as listed")
    String id = "";

    @Option(names = "--secrets", description = "also what it carries and nothing else shows; with the owner's key only")
    boolean secrets;

    public ShowProposal(Environment environment) {
        super("proposal.show", environment);
    }

    @Override
    protected Reply run() {
        JsonNode proposal = read(resolve(id));
        if (secrets) {
            addSecrets((ObjectNode) proposal);
        }
        if (json()) {
            return Reply.of(action(), proposal, screen -> {});
        }
        List<MailThread.Message> thread = thread(Fields.text(proposal, "conversation"));
        return Reply.of(action(), proposal, screen -> print(proposal, thread, screen));
    }

    /** Only the gateway knows them, and it tells them to nothing but the owner's own key. */
    private void addSecrets(ObjectNode proposal) {
        String path = Api.path("/v1/frozen-calls/", Fields.text(proposal, "id")) + "?secrets=true";
        JsonNode exact = api().get(Service.TOOL_REGISTRY, path).body();
        proposal.set(EXACT, exact.path("arguments"));
    }

    /** The thread stands beside the proposal where the graph has it; a proposal is shown without one too. */
    private List<MailThread.Message> thread(String conversation) {
        try {
            return conversation.isEmpty() ? List.of() : MailThread.of(api(), conversation);
        } catch (Failure e) {
            remarks().line("hq: the thread could not be read: " + e.message());
            return List.of();
        }
    }

    private static void print(JsonNode proposal, List<MailThread.Message> thread, Screen screen) {
        String status = Fields.text(proposal, "status");
        screen.heading(Fields.text(proposal, "summary"));
        field(screen, "id", Fields.text(proposal, "id"));
        field(screen, "status", screen.paint(style(status), status) + because(proposal));
        proposal.at("/result/differences").forEach(fact -> changed(fact, screen));
        field(
                screen,
                "asked by",
                Fields.text(proposal, "agent") + ", " + screen.ages().of(Fields.text(proposal, "created_at")));
        field(screen, "tool", Fields.text(proposal, "tool") + " (" + Fields.text(proposal, "risk") + ")");
        field(screen, "task", Fields.text(proposal, "task_id"));
        field(screen, "revision", Fields.text(proposal, "revision") + ", " + cut(Fields.text(proposal, "digest")));
        if (proposal.path("tainted").asBoolean()) {
            field(screen, "caution", screen.paint(Style.CAUTION, "drafted from text that came from outside"));
        }
        proposal.at("/rendering/warnings")
                .forEach(warning -> field(screen, "caution", screen.paint(Style.CAUTION, warning.asText())));
        if (!thread.isEmpty()) {
            screen.blank().heading("Thread");
            thread.forEach(message -> message.print(screen));
        }
        screen.blank().heading("Draft");
        draft(proposal, screen);
        if (proposal.has(EXACT)) {
            screen.blank().heading("Exactly, with its secrets");
            screen.paragraph(proposal.path(EXACT).toPrettyString(), "  ");
        }
        history(proposal, screen);
        if (status.equals("pending") || status.equals("stale")) {
            String shortId = ShortIds.of(Fields.text(proposal, "id"));
            screen.blank()
                    .line(screen.paint(
                            Style.DIM,
                            "hq proposal approve " + shortId + " --revision "
                                    + proposal.path("revision").asInt() + "   |   approve " + shortId
                                    + " --edit FILE.json   |   reject " + shortId + " --reason WHY"));
        }
    }

    private static String because(JsonNode proposal) {
        String reason = Fields.text(proposal, "reason");
        return reason.isEmpty() ? "" : ": " + reason;
    }

    /** What a stale one rests on, as it was and as it is. */
    private static void changed(JsonNode fact, Screen screen) {
        String what = Fields.text(fact, "title") + " (" + Fields.text(fact, "type") + ")";
        if (fact.path("gone").asBoolean()) {
            field(screen, "changed", what + " is gone");
        }
        fact.path("changes")
                .forEach(change -> field(
                        screen,
                        "changed",
                        what + ": " + Fields.text(change, "path") + " was " + Fields.text(change, "before") + ", is "
                                + Fields.text(change, "after")));
    }

    private static String cut(String digest) {
        return digest.length() > 19 ? digest.substring(0, 19) + "…" : digest;
    }

    private static void draft(JsonNode proposal, Screen screen) {
        JsonNode rendering = proposal.path("rendering");
        JsonNode arguments = proposal.path("arguments");
        String body = Fields.first(rendering, "body");
        if (body.isEmpty()) {
            body = Fields.first(arguments, "body_text", "body", "text");
        }
        String recipients = Fields.text(rendering, "recipients");
        field(screen, "to", recipients.isEmpty() ? Fields.text(arguments, "to") : recipients);
        field(
                screen,
                "subject",
                rendering.has("subject") ? Fields.text(rendering, "subject") : Fields.text(arguments, "subject"));
        if (body.isEmpty()) {
            screen.paragraph(Fields.first(rendering, "markdown"), "  ");
            screen.paragraph(arguments.toPrettyString(), "  ");
        } else {
            screen.blank().paragraph(body, "  ");
        }
    }

    private static void history(JsonNode proposal, Screen screen) {
        List<JsonNode> steps = Fields.items(proposal.path("history"));
        if (steps.isEmpty()) {
            return;
        }
        screen.blank().heading("What happened");
        for (JsonNode step : steps) {
            String reason = Fields.text(step, "reason");
            screen.line("  " + screen.ages().of(Fields.text(step, "at")) + "  " + Fields.text(step, "status") + " by "
                    + Fields.text(step, "by") + (reason.isEmpty() ? "" : ": " + reason));
        }
    }
}

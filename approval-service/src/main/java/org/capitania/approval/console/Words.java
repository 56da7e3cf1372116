package org.capitania.approval.console;

import java.util.Map;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;

/** What things are called where a person reads them. */
final class Words {
    private static final Map<String, String> ACTS = Map.ofEntries(
            Map.entry("email_send", "send an email"),
            Map.entry("notify_human", "write to a colleague"),
            Map.entry("email_draft", "draft an email"),
            Map.entry("calendar_event", "change the calendar"),
            Map.entry("hq_entity merge", "merge two entities"));
    private static final Map<String, String> STEPS = Map.ofEntries(
            Map.entry("email_thread_read", "Read the thread"),
            Map.entry("email_search", "Searched the mail"),
            Map.entry("email_send", "Drafted the email"),
            Map.entry("hq_agent", "Asked a colleague"),
            Map.entry("hq_search", "Searched the graph"),
            Map.entry("hq_describe", "Looked something up"),
            Map.entry("hq_timeline", "Read a timeline"),
            Map.entry("hq_entity", "Looked at a company"),
            Map.entry("hq_task", "Worked on a task"),
            Map.entry("hq_tools", "Looked for a tool"),
            Map.entry("hq_proposal", "Looked at the queue"),
            Map.entry("hq_event_log", "Read the event log"),
            Map.entry("hq_action_log", "Read the action log"));
    private static final Map<String, String> RISKS = Map.of(
            "outbound", "leaves the company",
            "gated", "needs your approval",
            "destructive", "cannot be undone",
            "cross_scope", "outside its scope",
            "system_behaviour", "changes the system",
            "heuristic", "looks unusual");

    private static final Map<String, String> REVIEWS = Map.of(
            "budget", "money",
            "provider", "a provider of models",
            "conflict", "facts that differ",
            "duplicate", "records that may be one",
            "edge", "links that cannot be right");

    private Words() {}

    /** What a question is about. */
    static String review(String kind) {
        return REVIEWS.getOrDefault(kind, kind.replace('_', ' '));
    }

    /** How a question stands. */
    static String answered(String status) {
        return switch (status) {
            case "open" -> "waits for you";
            case "deferred" -> "put off";
            case "resolved" -> "answered";
            case "withdrawn" -> "over by itself";
            default -> status;
        };
    }

    /** After {@code wants to}. */
    static String act(ProposalView proposal) {
        String named =
                (proposal.tool() + " " + proposal.arguments().path("action").asText("")).strip();
        return ACTS.getOrDefault(named, "use " + named);
    }

    static String step(String tool) {
        return STEPS.getOrDefault(tool, tool);
    }

    static String risk(String risk) {
        return RISKS.getOrDefault(risk, risk.replace('_', ' '));
    }

    /** {@code chief} for {@code agent:chief}. */
    static String name(String actor) {
        return actor.substring(actor.indexOf(':') + 1);
    }

    static String status(ProposalStatus status, String tool) {
        boolean mail = tool.equals("email_send");
        return switch (status) {
            case PENDING -> "waits for you";
            case STALE -> "facts changed";
            case APPROVED -> "approved";
            case EXECUTING -> mail ? "sending" : "being done";
            case EXECUTED -> mail ? "sent" : "done";
            case REJECTED -> "rejected";
            case EXPIRED -> "expired";
            case FAILED -> "failed";
            case UNKNOWN -> "in doubt";
        };
    }
}

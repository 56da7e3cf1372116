package org.capitania.graph.gap;

import static org.capitania.graph.GraphApi.OWNER;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.GraphApi;

/**
 * How a gap opens and how it is mended. In the batches {@code {u}} is a name that is in the sentence, {@code {+10}} and {@code {-3}}
 * are times so many days from now, and in the mend {@code {x}} is the id of what the batch made under that ref.
 */
record GapCase(String name, int daysAhead, String opening, String mending, String unique) {
    private static final GraphApi SUPERVISOR = new GraphApi("system:supervisor", "main");
    private static final Pattern DAYS = Pattern.compile("\\{([+-]\\d+)}");
    private static final Pattern REF = Pattern.compile("\\{([a-z])}");

    static List<GapCase> all() {
        return List.of(
                gap("overdue_replies", 0, """
                        {"op": "create", "ref": "x", "type": "conversation", "props": {"subject": "{u}", "channel": "email"}},
                        {"op": "create", "ref": "t", "type": "turn_state", "status": "ours", "props": {"last_turn_at": "{-3}", "turnaround_sla_hours": 24, "overdue_at": "{-2}"}},
                        {"op": "link", "type": "has_turn_state", "from": "@x", "to": "@t"}""", """
                        {"op": "patch", "id": "{t}", "status": "theirs"}"""),
                gap("stale_proposals", 15, """
                        {"op": "create", "ref": "x", "type": "engagement", "status": "proposal", "props": {"name": "{u}"}}""", """
                        {"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "Price"}},
                        {"op": "create", "ref": "i", "type": "interaction", "occurred_at": "{+10}", "props": {"channel": "phone"}},
                        {"op": "link", "type": "part_of", "from": "@i", "to": "@c"},
                        {"op": "link", "type": "about", "from": "@c", "to": "{x}"}"""),
                gap("billing", 8, """
                        {"op": "create", "ref": "x", "type": "engagement", "status": "contract", "props": {"name": "{u}"}}""", """
                        {"op": "create", "ref": "p", "type": "project", "props": {"name": "Work"}},
                        {"op": "create", "ref": "i", "type": "invoice", "props": {"number": "{u}/1"}},
                        {"op": "link", "type": "fulfills", "from": "@p", "to": "{x}"},
                        {"op": "link", "type": "for_work", "from": "@i", "to": "@p"}"""),
                gap("stalled_projects", 31, """
                        {"op": "create", "ref": "x", "type": "project", "status": "in_progress", "props": {"name": "{u}"}},
                        {"op": "create", "ref": "f", "type": "feature", "props": {"title": "F"}},
                        {"op": "create", "ref": "t", "type": "task", "props": {"title": "T"}},
                        {"op": "link", "type": "has_feature", "from": "@x", "to": "@f"},
                        {"op": "link", "type": "belongs_to", "from": "@t", "to": "@f"}""", """
                        {"op": "patch", "id": "{x}", "status": "on_hold"}"""),
                gap("incomplete_specs", 0, """
                        {"op": "create", "ref": "x", "type": "feature", "status": "in_progress", "props": {"title": "{u}", "acceptance_criteria": []}}""", """
                        {"op": "patch", "id": "{x}", "props": {"acceptance_criteria": ["It opens"]}}"""),
                gap("overdue_expectations", 0, """
                        {"op": "create", "ref": "x", "type": "expectation", "props": {"kind": "ask_received", "direction": "they_owe", "due_at": "{-1}", "description_md": "{u}"}},
                        {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Frama"}},
                        {"op": "link", "type": "owed_by", "from": "@x", "to": "@e"}""", """
                        {"op": "patch", "id": "{x}", "status": "resolved"}"""),
                gap("recurring_missed", 0, """
                        {"op": "create", "ref": "x", "type": "expectation", "props": {"kind": "recurring_obligation", "direction": "we_owe", "description_md": "{u}",
                         "due_at": "{-60}", "rrule": "FREQ=DAILY;INTERVAL=20", "next_due_at": "{-40}"}}""", """
                        {"op": "patch", "id": "{x}", "status": "superseded"}"""),
                gap("unresolved_intents", 4, """
                        {"op": "create", "ref": "x", "type": "intent", "props": {"kind": "ask_budget", "summary": "{u}"}},
                        {"op": "create", "ref": "i", "type": "interaction", "occurred_at": "{-0}", "props": {"channel": "email"}},
                        {"op": "link", "type": "extracted_from", "from": "@x", "to": "@i"}""", """
                        {"op": "create", "ref": "a", "type": "interaction", "props": {"channel": "email", "direction": "out"}},
                        {"op": "link", "type": "fulfilled_by", "from": "{x}", "to": "@a"}"""),
                gap("abandoned_tasks", 8, """
                        {"op": "create", "ref": "x", "type": "task", "status": "in_progress", "props": {"title": "{u}"}}""", """
                        {"op": "patch", "id": "{x}", "status": "done"}"""),
                gap("unread_documents", 0, """
                        {"op": "create", "ref": "x", "type": "document", "status": "sent", "props": {"title": "{u}", "kind": "proposal", "sent_at": "{-15}"}}""", """
                        {"op": "create", "ref": "r", "type": "event", "status": "happened", "props": {"title": "Opened", "kind": "action", "action": "read"}},
                        {"op": "link", "type": "about", "from": "@r", "to": "{x}"}"""),
                gap("quiet_customers", 31, """
                        {"op": "create", "ref": "x", "type": "engagement", "status": "delivery", "props": {"name": "{u}"}},
                        {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Cork & Co"}},
                        {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ana"}},
                        {"op": "link", "type": "covers", "from": "@x", "to": "@e"},
                        {"op": "link", "type": "works_for", "from": "@c", "to": "@e"}""", """
                        {"op": "create", "ref": "i", "type": "interaction", "occurred_at": "{+5}", "props": {"channel": "phone"}},
                        {"op": "link", "type": "from", "from": "@i", "to": "{c}"}"""),
                gap("cost_anomalies", 0, """
                        {"op": "create", "ref": "a", "type": "agent_run", "status": "finished", "props": {"agent": "{u}", "cost_usd": 0.1, "started_at": "{-2}"}},
                        {"op": "create", "ref": "b", "type": "agent_run", "status": "finished", "props": {"agent": "{u}", "cost_usd": 0.1, "started_at": "{-2}"}},
                        {"op": "create", "ref": "c", "type": "agent_run", "status": "finished", "props": {"agent": "{u}", "cost_usd": 0.1, "started_at": "{-2}"}},
                        {"op": "create", "ref": "x", "type": "agent_run", "status": "finished", "props": {"agent": "{u}", "cost_usd": 0.3, "started_at": "{-1}"}}""", """
                        {"op": "create", "ref": "d", "type": "decision", "props": {"title": "It was worth it"}},
                        {"op": "link", "type": "related_to", "from": "@d", "to": "{x}"}"""),
                gap("unassigned_tasks", 0, """
                        {"op": "create", "ref": "x", "type": "task", "props": {"title": "{u}"}}""", """
                        {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}},
                        {"op": "link", "type": "driven_by", "from": "{x}", "to": "@c"}"""),
                gap("expectations_without_due_date", 0, """
                        {"op": "create", "ref": "x", "type": "expectation", "props": {"kind": "commitment_made", "direction": "we_owe", "description_md": "{u}"}}""", """
                        {"op": "patch", "id": "{x}", "props": {"due_at": "{+5}"}}"""),
                gap("projects_without_driver", 0, """
                        {"op": "create", "ref": "x", "type": "project", "props": {"name": "{u}"}}""", """
                        {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}},
                        {"op": "link", "type": "driven_by", "from": "{x}", "to": "@c"}"""),
                gap("contacts_without_entity", 0, """
                        {"op": "create", "ref": "x", "type": "contact", "props": {"name": "{u}"}}""", """
                        {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Frama"}},
                        {"op": "link", "type": "works_for", "from": "{x}", "to": "@e"}"""),
                gap("invoices_past_due", 0, """
                        {"op": "create", "ref": "x", "type": "invoice", "status": "sent", "props": {"number": "{u}", "due_on": "2026-01-31", "open_amount": 100}}""", """
                        {"op": "patch", "id": "{x}", "status": "paid", "props": {"paid_on": "2026-03-01"}}"""),
                gap("unmapped_producers", 0, """
                        {"op": "create", "ref": "x", "type": "producer", "status": "unmapped", "props": {"name": "{u}", "kind": "external_system"}}""", """
                        {"op": "patch", "id": "{x}", "status": "active", "props": {"mapped": true}}"""),
                gap("conversations_without_turn_state", 0, """
                        {"op": "create", "ref": "x", "type": "conversation", "props": {"subject": "{u}"}}""", """
                        {"op": "create", "ref": "t", "type": "turn_state", "status": "theirs", "props": {}},
                        {"op": "link", "type": "has_turn_state", "from": "{x}", "to": "@t"}"""));
    }

    MutationResult create() {
        return api().mutate(batch(opening));
    }

    void mend(MutationResult made) {
        api().mutate(batch(
                REF.matcher(mending).replaceAll(ref -> made.byRef(ref.group(1)).id())));
    }

    private GraphApi api() {
        return name.equals("gap_cost_anomalies") ? SUPERVISOR : OWNER;
    }

    @Override
    public String toString() {
        return name;
    }

    private static GapCase gap(String name, int daysAhead, String create, String mend) {
        String unique = "Zêzere " + UUID.randomUUID().toString().substring(0, 8);
        return new GapCase(
                "gap_" + name, daysAhead, create.replace("{u}", unique), mend.replace("{u}", unique), unique);
    }

    private static String batch(String ops) {
        Matcher days = DAYS.matcher(ops);
        String timed = days.replaceAll(day -> Instant.now()
                .plus(Integer.parseInt(day.group(1)), ChronoUnit.DAYS)
                .toString());
        return "{\"ops\": [" + timed + "]}";
    }
}

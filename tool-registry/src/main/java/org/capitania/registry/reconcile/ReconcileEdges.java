package org.capitania.registry.reconcile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.capitania.contract.Service;
import org.capitania.contract.api.EdgeFaults;
import org.capitania.contract.api.EdgeFaults.Fault;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.handler.Call;
import org.capitania.registry.reconcile.Questions.Round;
import org.capitania.servicekit.Peers;

/** Edges that cannot be right: what a rule or a person's answer settles is mended; of the rest a person is asked. */
@ApplicationScoped
class ReconcileEdges {
    static final String KIND = "edge";

    /** graph-service names no more. */
    private static final int NAMED = 200;

    private static final int LONGEST_NAME = 120;

    private final Peers peers;
    private final MendEdges mend;
    private final Questions questions;

    ReconcileEdges(Peers peers, MendEdges mend, Questions questions) {
        this.peers = peers;
        this.mend = mend;
        this.questions = questions;
    }

    void find(Call call, ArrayNode items, Set<String> outside) {
        Round round = questions.round(call, KIND + ":");
        List<Fault> faults = peers.get(
                        Service.GRAPH_SERVICE, "/v1/reconciliation/edges", call.scope(), EdgeFaults.class)
                .items();
        List<String> refs = call.texts("refs");
        for (Fault fault : faults) {
            if (!refs.isEmpty() && !named(refs, fault)) {
                continue;
            }
            String answer = round.answer(subject(fault));
            if (MendEdges.KEEP.equals(answer) || Answers.DISMISSED.equals(answer)) {
                continue;
            }
            boolean mended = answer == null ? mend.mend(call, fault) : mend.settle(call, fault, answer);
            ObjectNode line = items.addObject()
                    .put("kind", fault.kind())
                    .put("type", fault.type())
                    .put("from", fault.from().slug())
                    .put("to", fault.to().slug())
                    .put("sentence", fault.sentence())
                    .put("mended", mended);
            if (!mended && answer == null) {
                line.put("asked", round.ask(question(fault)));
            }
            note(outside, fault.from());
            note(outside, fault.to());
        }
        if (refs.isEmpty() && faults.size() < NAMED) {
            round.close();
        }
    }

    private static boolean named(List<String> refs, Fault fault) {
        return refs.contains(subject(fault))
                || ReconcilePairs.named(refs, fault.from())
                || ReconcilePairs.named(refs, fault.to());
    }

    /** By which a person is asked about it once. */
    static String subject(Fault fault) {
        Brief other = fault.instead();
        return KIND + ":" + fault.kind() + ":" + fault.edgeId() + (other == null ? "" : ":" + other.id());
    }

    private static ReviewRequested question(Fault fault) {
        String from = quoted(fault.from());
        String to = quoted(fault.to());
        Brief instead = fault.instead();
        return switch (fault.kind()) {
            case "two_primaries" ->
                question(
                        fault,
                        "Which company comes first for " + from + "?",
                        new Option(MendEdges.FIRST, to),
                        new Option(MendEdges.SECOND, instead == null ? "the other one" : quoted(instead)),
                        new Option(MendEdges.KEEP, "Both do"));
            case "circle" ->
                question(
                        fault,
                        "Which way round is it: " + from + " or " + to + "?",
                        new Option(MendEdges.FIRST, from + " " + said(fault) + " " + to),
                        new Option(MendEdges.SECOND, to + " " + said(fault) + " " + from),
                        new Option(MendEdges.KEEP, "Both are right"));
            default ->
                question(
                        fault,
                        "Does it still hold that " + from + " " + said(fault) + " " + to + "?",
                        new Option(MendEdges.END, "No, end it"),
                        new Option(MendEdges.KEEP, "Yes, leave it as it is"));
        };
    }

    private static ReviewRequested question(Fault fault, String title, Option... options) {
        return new ReviewRequested(
                subject(fault),
                KIND,
                title,
                fault.sentence()
                        + " What you choose is done soon after. Leave it as it is, and you are not asked again.",
                List.of(options));
    }

    private static String said(Fault fault) {
        return fault.type().replace('_', ' ');
    }

    /** A record as a page names it. */
    static String quoted(Brief node) {
        String title = node.title();
        return "“" + (title.length() <= LONGEST_NAME ? title : title.substring(0, LONGEST_NAME - 1) + "…") + "”";
    }

    /** Notes a record of which anybody's words are told. */
    static void note(Set<String> outside, Brief node) {
        if (node.tainted()) {
            outside.add("node:" + node.id());
        }
    }
}

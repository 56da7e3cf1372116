package org.capitania.registry.reconcile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.Duplicates;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.EdgeFaults;
import org.capitania.contract.api.FiguresView.WriteConflict;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.reconcile.MergeProposals.Standing;
import org.capitania.servicekit.Peers;

/** Proposes to merge what is surely there twice, moves edges after merges, and says what else cannot be right. It merges nothing itself. */
@ApplicationScoped
class GraphReconcile implements ToolHandler {
    /** Two independent things that agree come to this; one alone does not, but a tax number or a person's address. */
    private static final double SURE = 0.8;

    private static final Duration NIGHT = Duration.ofHours(24);
    private static final int COMPARED = 200;

    /** Lines of a kind that the caller is told, beside what is news: what stands for weeks is not paid for each night. */
    private static final int TOLD = 40;

    private final Peers peers;
    private final Clock clock;
    private final MergeProposals proposals;
    private final MendEdges mend;
    private final WriteConflicts conflicts;

    GraphReconcile(Peers peers, Clock clock, MergeProposals proposals, MendEdges mend, WriteConflicts conflicts) {
        this.peers = peers;
        this.clock = clock;
        this.proposals = proposals;
        this.mend = mend;
        this.conflicts = conflicts;
    }

    @Override
    public String tool() {
        return "graph_reconcile";
    }

    @Override
    public Result call(Call call) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        Set<String> outside = new LinkedHashSet<>();
        int leftOut = duplicates(call, data.putArray("duplicates"), outside);
        leftOut += edges(call, data.putArray("edges"), outside);
        ArrayNode written = data.putArray("write_conflicts");
        List<WriteConflict> crossed =
                conflicts.since(call.scope(), clock.instant().minus(NIGHT));
        crossed.stream().limit(TOLD).forEach(conflict -> {
            written.add(Json.tree(conflict));
            // A title may be anybody's words, and the ledger does not say whose.
            outside.add("node:" + conflict.target());
        });
        data.put("left_out", leftOut + crossed.size() - written.size());
        return Result.of(data).taintedBy(List.copyOf(outside));
    }

    /** How many are not told. */
    private int duplicates(Call call, ArrayNode items, Set<String> outside) {
        int leftOut = 0;
        String only = call.textOrNull("type");
        List<String> refs = call.texts("refs");
        int left = call.number("limit", 10);
        for (String type : only == null ? List.of("entity", "contact") : List.of(only)) {
            for (Pair pair : found(call, type)) {
                if (!refs.isEmpty() && !named(refs, pair.goes()) && !named(refs, pair.stays())) {
                    continue;
                }
                Optional<Standing> standing = pair.score() < SURE ? Optional.empty() : proposals.before(call, pair);
                boolean proposes = pair.score() >= SURE && standing.isEmpty() && left > 0;
                if (!proposes && items.size() >= TOLD) {
                    leftOut++;
                    continue;
                }
                ObjectNode line = items.addObject()
                        .put("ref", pair.goes().slug())
                        .put("into", pair.stays().slug())
                        .put("score", pair.score())
                        .put("why", MergeProposals.why(pair));
                line.set("contradicts", Json.tree(pair.contradicts()));
                note(outside, pair.goes());
                note(outside, pair.stays());
                if (proposes) {
                    standing = Optional.of(proposals.propose(call, pair));
                    left--;
                }
                line.put("state", standing.map(Standing::state).orElse(pair.score() < SURE ? "unsure" : "left"));
                standing.map(Standing::proposalId).ifPresent(id -> line.put("proposal_id", id));
                standing.map(Standing::why).ifPresent(why -> line.put("problem", why));
            }
        }
        return leftOut;
    }

    private List<Pair> found(Call call, String type) {
        String since = call.textOrNull("since");
        String path = "/v1/reconciliation/duplicates?type=" + type + "&limit=" + COMPARED
                + (since == null ? "" : "&since=" + URLEncoder.encode(since, StandardCharsets.UTF_8));
        return peers.get(Service.GRAPH_SERVICE, path, call.scope(), Duplicates.class)
                .items();
    }

    /** How many are not told. */
    private int edges(Call call, ArrayNode items, Set<String> outside) {
        int leftOut = 0;
        for (EdgeFaults.Fault fault : peers.get(
                        Service.GRAPH_SERVICE, "/v1/reconciliation/edges", call.scope(), EdgeFaults.class)
                .items()) {
            boolean mended = mend.mend(call, fault);
            if (items.size() >= TOLD) {
                leftOut++;
                continue;
            }
            items.addObject()
                    .put("kind", fault.kind())
                    .put("type", fault.type())
                    .put("from", fault.from().slug())
                    .put("to", fault.to().slug())
                    .put("sentence", fault.sentence())
                    .put("mended", mended);
            note(outside, fault.from());
            note(outside, fault.to());
        }
        return leftOut;
    }

    private static boolean named(List<String> refs, Brief node) {
        return refs.contains(node.id()) || refs.contains(node.slug());
    }

    private static void note(Set<String> outside, Brief node) {
        if (node.tainted()) {
            outside.add("node:" + node.id());
        }
    }
}

package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.types.PropsSchema;
import org.capitania.servicekit.Caller;

/** Plans what puts one node in the place of another: a supersession, and a merge that a person approved. */
final class Replacements {
    private static final String SUPERSEDED = "superseded";
    /** Who carries out what was approved. */
    private static final String EXECUTOR = "system:tool-registry";

    private final Caller caller;
    private final NodeRules rules;
    private final Workspace work;
    private final NodeOps nodes;
    private final Instant now;

    Replacements(Caller caller, NodeRules rules, Workspace work, NodeOps nodes, Instant now) {
        this.caller = caller;
        this.rules = rules;
        this.work = work;
        this.nodes = nodes;
        this.now = now;
    }

    void supersede(int i, MutationOp.Supersede op) {
        Draft old = nodes.target(i, op.id(), op.version());
        Draft by = work.resolve(op.by(), "/ops/" + i + "/by");
        twoOfAType("/ops/" + i + "/by", old, by);
        Instant since = old.validFrom;
        Instant replacedFrom = by.validFrom;
        Instant end = replacedFrom != null && (since == null || replacedFrom.isAfter(since)) ? replacedFrom : now;
        if (since != null && !since.isBefore(end)) {
            end = since.plusNanos(1000);
        }
        Instant ended = old.validTo;
        old.validTo = ended == null || ended.isAfter(end) ? end : ended;
        if (rules.type(old.type, "/ops/" + i).statuses().contains(SUPERSEDED)) {
            old.status = SUPERSEDED;
        } else {
            old.archived = true;
        }
    }

    void merge(int i, MutationOp.Merge op, int opsInBatch) {
        String at = "/ops/" + i;
        boolean carriedOut =
                caller.principal().equals(EXECUTOR) && caller.actor().startsWith("user:");
        if (op.proposal() == null || !carriedOut) {
            throw new CapitaniaException(
                            ErrorCode.PROPOSAL_REQUIRED,
                            at + ": " + op.id() + " cannot be merged into " + op.into()
                                    + " directly; a merge takes a proposal that the owner approves")
                    .withHint("ask for it with hq_entity merge (hq entity merge --ref ONE --into OTHER)");
        }
        if (opsInBatch > 1) {
            throw References.invalid(at, opsInBatch + " ops", "a merge alone in its batch: it is undone alone");
        }
        Draft loser = nodes.target(i, op.id(), null);
        Draft winner = nodes.target(i, op.into(), null);
        twoOfAType(at + "/into", loser, winner);
        if (loser.type.equals(Producers.TYPE) || loser.archived || winner.archived) {
            throw References.invalid(
                    at, loser.type + " " + loser.slug, "two nodes that are not archived, and no producers");
        }
        loser.archived = true;
        PropsSchema props = rules.type(winner.type, at).props();
        for (Map.Entry<String, JsonNode> prop : loser.props.properties()) {
            JsonNode kept = winner.props.get(prop.getKey());
            if (kept == null) {
                winner.props.set(prop.getKey(), prop.getValue());
            } else if (props.isList(prop.getKey())) {
                winner.props.set(prop.getKey(), joined(kept, prop.getValue()));
            }
        }
        Set<String> tags = new LinkedHashSet<>(winner.tags);
        tags.addAll(loser.tags);
        winner.tags = List.copyOf(tags);
        winner.owner = winner.owner == null && !winner.id.equals(loser.owner) ? loser.owner : winner.owner;
        winner.tainted |= loser.tainted;
    }

    /** What the one that stays has, in its order, then what only the other has, in its order. */
    private static ArrayNode joined(JsonNode kept, JsonNode other) {
        Set<JsonNode> all = new LinkedHashSet<>();
        kept.forEach(all::add);
        other.forEach(all::add);
        return Json.MAPPER.createArrayNode().addAll(all);
    }

    private static void twoOfAType(String path, Draft one, Draft other) {
        if (one.id.equals(other.id) || !one.type.equals(other.type)) {
            throw References.invalid(path, other.type + " " + other.slug, "another " + one.type);
        }
    }
}

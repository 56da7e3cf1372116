package org.capitania.registry.reconcile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.Json;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.contract.api.ReviewList.Option;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.reconcile.MergeProposals.Standing;
import org.jspecify.annotations.Nullable;

/** Does with a pair what is its way, and says so in a line of the answer. */
@ApplicationScoped
class PairWork {
    /** So many are compared by a model in one go. */
    private static final int JUDGED = 10;

    private static final int LONGEST_VALUE = 300;
    private static final List<Option> OPTIONS = List.of(
            new Option(ReconcilePairs.SAME, "They are the same"),
            new Option(ReconcilePairs.DIFFERENT, "They are different"));

    private final ReconcileConfig limits;
    private final Graph graph;
    private final MergeProposals proposals;
    private final Questions questions;
    private final Verdicts verdicts;

    PairWork(ReconcileConfig limits, Graph graph, MergeProposals proposals, Questions questions, Verdicts verdicts) {
        this.limits = limits;
        this.graph = graph;
        this.proposals = proposals;
        this.questions = questions;
        this.verdicts = verdicts;
    }

    /** Begins within a call. */
    Round round(Call call, ArrayNode items, Set<String> outside) {
        return new Round(call, items, outside);
    }

    /** The pairs of one call. */
    final class Round {
        private final Call call;
        private final ArrayNode items;
        private final Set<String> outside;
        private final Questions.Round asking;
        private final Map<String, Verdict> said;
        private int proposable;
        private int judgeable = JUDGED;

        private Round(Call call, ArrayNode items, Set<String> outside) {
            this.call = call;
            this.items = items;
            this.outside = outside;
            this.asking = questions.round(call, ReconcilePairs.KIND + ":");
            this.said = verdicts.all(call.scope());
            this.proposable = call.number("limit", 10);
        }

        void at(Pair pair) {
            String subject = ReconcilePairs.subject(pair);
            String answer = asking.answer(subject);
            Verdict verdict = said.get(subject);
            Way way = Way.of(pair, answer, verdict, limits);
            if (way == Way.NOTHING) {
                return;
            }
            ObjectNode line = items.addObject()
                    .put("ref", pair.goes().slug())
                    .put("into", pair.stays().slug())
                    .put("score", pair.score())
                    .put("why", MergeProposals.why(pair));
            line.set("contradicts", Json.tree(pair.contradicts()));
            ReconcileEdges.note(outside, pair.goes());
            ReconcileEdges.note(outside, pair.stays());
            if (way == Way.PROPOSE) {
                propose(pair, line, why(pair, answer, verdict));
            } else if (way == Way.JUDGE && !asking.open(subject)) {
                judge(pair, line);
            } else {
                line.put("state", asking.ask(question(pair, verdict)) ? "asked" : "left");
            }
        }

        /** Takes back what is no question any more; for a look through all pairs only. */
        void close() {
            asking.close();
        }

        private void propose(Pair pair, ObjectNode line, String why) {
            Optional<Standing> before = proposals.before(call, pair);
            if (before.isEmpty() && proposable == 0) {
                line.put("state", "left");
                return;
            }
            Standing standing = before.isPresent() ? before.get() : proposals.propose(call, pair, why);
            proposable -= before.isPresent() ? 0 : 1;
            line.put("state", standing.state());
            if (standing.proposalId() != null) {
                line.put("proposal_id", standing.proposalId());
            }
            if (standing.why() != null) {
                line.put("problem", standing.why());
            }
        }

        /** Gives the model what is recorded of both. */
        private void judge(Pair pair, ObjectNode line) {
            if (judgeable == 0) {
                line.put("state", "left");
                return;
            }
            judgeable--;
            line.put("state", "judge");
            line.putArray("records").add(recorded(pair.goes())).add(recorded(pair.stays()));
        }

        private ObjectNode recorded(Brief node) {
            ObjectNode shown = Json.MAPPER.createObjectNode();
            graph.node(call.scope(), node.id()).props().properties().forEach(prop -> {
                if (prop.getValue().toString().length() <= LONGEST_VALUE) {
                    shown.set(prop.getKey(), prop.getValue());
                }
            });
            return shown;
        }
    }

    private static String why(Pair pair, @Nullable String answer, @Nullable Verdict verdict) {
        String found = MergeProposals.why(pair);
        if (answer != null) {
            return "A person said that they are the same. " + found;
        }
        return verdict == null || verdict.score() != pair.score() ? found : verdict.said() + ". " + found;
    }

    private static ReviewRequested question(Pair pair, @Nullable Verdict verdict) {
        String what = pair.goes().type().equals("contact") ? "person" : "company";
        String against = pair.contradicts().isEmpty()
                ? ""
                : " What speaks against it: they differ in "
                        + String.join(" and ", pair.contradicts()).replace('_', ' ') + ".";
        return new ReviewRequested(
                ReconcilePairs.subject(pair),
                ReconcilePairs.KIND,
                "Are " + ReconcileEdges.quoted(pair.goes()) + " and " + ReconcileEdges.quoted(pair.stays())
                        + " the same " + what + "?",
                MergeProposals.why(pair) + "." + against
                        + (verdict == null ? "" : " " + verdict.said() + ".")
                        + " The records are " + pair.goes().slug() + " and "
                        + pair.stays().slug()
                        + ". If they are the same, their merge is proposed soon after and waits for your approval."
                        + " If they are different, you are not asked about the two again.",
                OPTIONS);
    }
}

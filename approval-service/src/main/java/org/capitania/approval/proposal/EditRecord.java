package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.util.List;
import java.util.TreeSet;
import org.capitania.contract.api.EditList.Change;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.contract.api.ProposalView;
import org.jspecify.annotations.Nullable;

/** One decision as a record of how good a draft was. */
final class EditRecord {
    /** From where on more is new than was kept. */
    private static final double REWRITTEN = 0.5;

    private EditRecord() {}

    static Edit of(DecisionRow row, ProposalRow proposal) {
        ProposalView.Decision decision = row.view();
        JsonNode before = decision.before();
        JsonNode after = decision.after();
        List<Change> changes = before == null || after == null ? List.of() : changes(before, after);
        double score = score(changes);
        String type = switch (row.decision) {
            case "reject" -> "rejected";
            case "edit" -> score < REWRITTEN ? "tweaked" : "rewrote";
            default -> "accepted";
        };
        return new Edit(
                decision.id(),
                proposal.id.toString(),
                proposal.callId,
                proposal.agent,
                proposal.tool,
                type,
                type.equals("rejected") ? null : score,
                changes,
                decision.reason(),
                decision.by(),
                decision.at(),
                proposal.tainted);
    }

    private static List<Change> changes(JsonNode before, JsonNode after) {
        TreeSet<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .filter(name -> !before.path(name).equals(after.path(name)))
                .map(name -> new Change(name, before.get(name), after.get(name)))
                .toList();
    }

    /** The share of words that went or came among all words of the arguments that were changed. */
    private static double score(List<Change> changes) {
        int all = 0;
        int other = 0;
        for (Change change : changes) {
            List<String> old = words(change.before());
            List<String> now = words(change.after());
            all += old.size() + now.size();
            for (AbstractDelta<String> delta : DiffUtils.diff(old, now).getDeltas()) {
                other += delta.getSource().size() + delta.getTarget().size();
            }
        }
        return all == 0 ? 0 : Math.round(1000.0 * other / all) / 1000.0;
    }

    private static List<String> words(@Nullable JsonNode value) {
        String text = value == null ? "" : value.isTextual() ? value.asText() : value.toString();
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}

package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.capitania.approval.console.ProposalPage.Change;
import org.capitania.approval.console.ProposalPage.Field;
import org.capitania.approval.console.ProposalPage.Piece;
import org.capitania.contract.api.ProposalView;

/** What edits changed, word by word. */
final class Changes {
    private static final Pattern WORDS = Pattern.compile("(?<=\\s)|(?=\\s)");

    private Changes() {}

    static List<Change> of(ProposalView proposal, Instant now) {
        List<ProposalView.Decision> decisions = proposal.decisions();
        if (decisions == null) {
            return List.of();
        }
        List<Change> changes = new ArrayList<>();
        for (ProposalView.Decision decision : decisions) {
            JsonNode before = decision.before();
            JsonNode after = decision.after();
            if (before != null && after != null) {
                changes.add(new Change(
                        decision.revision(),
                        Words.name(decision.by()),
                        Moment.of(decision.at(), now),
                        decision.reason(),
                        fields(before, after)));
            }
        }
        return List.copyOf(changes);
    }

    private static List<Field> fields(JsonNode before, JsonNode after) {
        TreeSet<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .filter(name -> !before.path(name).equals(after.path(name)))
                .map(name -> new Field(label(name), pieces(text(before.path(name)), text(after.path(name)))))
                .toList();
    }

    static List<Piece> pieces(String before, String after) {
        List<String> old = List.of(WORDS.split(before));
        List<String> now = List.of(WORDS.split(after));
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        for (AbstractDelta<String> delta : DiffUtils.diff(old, now).getDeltas()) {
            add(pieces, "same", old.subList(at, delta.getSource().getPosition()));
            add(pieces, "gone", delta.getSource().getLines());
            add(pieces, "new", delta.getTarget().getLines());
            at = delta.getSource().getPosition() + delta.getSource().size();
        }
        add(pieces, "same", old.subList(at, old.size()));
        return List.copyOf(pieces);
    }

    private static void add(List<Piece> pieces, String kind, List<String> words) {
        String text = String.join("", words);
        if (!text.isEmpty()) {
            pieces.add(new Piece(kind, text));
        }
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            return String.join(
                    "\n",
                    StreamSupport.stream(value.spliterator(), false)
                            .map(v -> v.isTextual() ? v.asText() : v.toString())
                            .toList());
        }
        return value.isMissingNode() || value.isNull() ? "" : value.isTextual() ? value.asText() : value.toString();
    }

    private static String label(String field) {
        return switch (field) {
            case "to" -> "To";
            case "cc" -> "Cc";
            case "subject" -> "Subject";
            case "body_text" -> "Text";
            default -> field;
        };
    }
}

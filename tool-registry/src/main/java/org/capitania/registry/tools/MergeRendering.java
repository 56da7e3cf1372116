package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.registry.freezing.VisibleText;
import org.jspecify.annotations.Nullable;

/** Two entities side by side as the owner sees them before they become one: what differs, what is gained, and nothing in it that hides. */
final class MergeRendering {
    private static final int NAME_WIDTH = 14;
    private static final int CELL_WIDTH = 28;
    private static final int LONGEST_VALUE = 400;
    /** Two entities that differ in one of these are seldom the same. */
    private static final List<String> TELLING = List.of("tax_id", "billing_email", "legal_name", "country");

    private final NodeView goes;
    private final List<NodeView.Brief> itsPeople;
    private final NodeView stays;
    private final List<NodeView.Brief> theirPeople;
    private final Set<String> warnings = new LinkedHashSet<>();

    MergeRendering(NodeView goes, List<NodeView.Brief> itsPeople, NodeView stays, List<NodeView.Brief> theirPeople) {
        this.goes = goes;
        this.itsPeople = itsPeople;
        this.stays = stays;
        this.theirPeople = theirPeople;
    }

    /** @param why what whoever asks says for it */
    Rendering render(@Nullable String why) {
        StringBuilder table = new StringBuilder();
        if (why != null) {
            table.append("Why: ").append(shown(why, "the reason")).append("\n\n");
        }
        row(table, "·", "", "STAYS", "IS MERGED INTO IT");
        compare(table, "slug", stays.slug(), goes.slug(), "≠");
        compare(table, "status", String.valueOf(stays.status()), String.valueOf(goes.status()), "≠");
        Set<String> names = new LinkedHashSet<>(List.of("name"));
        stays.props().fieldNames().forEachRemaining(names::add);
        goes.props().fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode ours = stays.props().path(name);
            JsonNode theirs = goes.props().path(name);
            String kept = value(ours);
            String other = value(theirs);
            if (TELLING.contains(name) && !kept.isEmpty() && !other.isEmpty() && !kept.equals(other)) {
                warnings.add("the two have another " + name + ": " + shown(kept, name) + " and " + shown(other, name));
            }
            compare(table, name, kept, other, kept.isEmpty() ? "+" : difference(ours, theirs));
        }
        compare(table, "people", people(theirPeople), people(itsPeople), "+");
        table.append(
                "\n≠ the value that stays is kept, + it is gained from the other, ∪ the two lists are joined; people, mail and all else that is linked to the other"
                        + " move.\nIt can be undone exactly while nothing of it has changed since.\n");
        String title = "Merge " + shown(goes.title(), "the name") + " into " + shown(stays.title(), "the name");
        String body = table.toString();
        return new Rendering(
                title,
                List.of(),
                null,
                body,
                "**" + title + "**\n\n````text\n" + body + "````\n",
                List.copyOf(warnings));
    }

    /** What the merge makes of a prop that both have: lists are joined, of all else the value that stays is kept. */
    private static String difference(JsonNode kept, JsonNode other) {
        if (!kept.isArray() || !other.isArray()) {
            return "≠";
        }
        Set<JsonNode> has = new LinkedHashSet<>();
        kept.forEach(has::add);
        for (JsonNode item : other) {
            if (!has.contains(item)) {
                return "∪";
            }
        }
        return " ";
    }

    private void compare(StringBuilder table, String name, String kept, String other, String difference) {
        if (!kept.isEmpty() || !other.isEmpty()) {
            String mark = other.isEmpty() || kept.equals(other) ? " " : difference;
            row(table, mark, name, shown(kept, name), shown(other, name));
        }
    }

    private static void row(StringBuilder table, String mark, String name, String left, String right) {
        List<String> lefts = cells(left);
        List<String> rights = cells(right);
        for (int i = 0; i < Math.max(lefts.size(), rights.size()); i++) {
            String line = String.format(
                    "%s %-" + NAME_WIDTH + "s %-" + CELL_WIDTH + "s  %s",
                    i == 0 ? mark : " ",
                    i == 0 ? name : "",
                    i < lefts.size() ? lefts.get(i) : "",
                    i < rights.size() ? rights.get(i) : "");
            table.append(line.stripTrailing()).append('\n');
        }
    }

    private static List<String> cells(String text) {
        List<String> cells = new ArrayList<>();
        int[] points = text.codePoints().toArray();
        for (int from = 0; from < points.length || from == 0; from += CELL_WIDTH) {
            cells.add(new String(points, from, Math.min(CELL_WIDTH, points.length - from)));
        }
        return cells;
    }

    private String shown(String text, String what) {
        VisibleText visible = VisibleText.of(text.replaceAll("\\s+", " "));
        if (visible.hidden() > 0 || visible.lookAlikes() > 0) {
            warnings.add(what + " has characters that hide or pass for others, shown with their code");
        }
        String whole = visible.shown();
        // A fence of ours is not closed by what it holds.
        String safe = whole.replace("````", "' ' ' '");
        return safe.codePointCount(0, safe.length()) <= LONGEST_VALUE
                ? safe
                : safe.substring(0, safe.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
    }

    private static String value(JsonNode value) {
        if (value.isArray()) {
            List<String> all = new ArrayList<>();
            value.forEach(item -> all.add(item.isTextual() ? item.textValue() : item.toString()));
            return String.join(", ", all);
        }
        return value.isMissingNode() || value.isNull() ? "" : value.isTextual() ? value.textValue() : value.toString();
    }

    private static String people(List<NodeView.Brief> people) {
        return String.join(", ", people.stream().map(NodeView.Brief::title).toList());
    }
}

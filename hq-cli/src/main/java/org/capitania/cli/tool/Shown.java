package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.cli.graph.Describe;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.text.Table;

/** A tool's result for people, whatever the tool: a node in full, tables of what is listed, and lines of what else it says. */
final class Shown {
    /** What stands last, because it is long and may be cut. */
    private static final List<String> LAST = List.of("title", "summary", "description", "body", "sentence", "what");

    private static final int LONGEST_CELL = 120;

    private final String noun;
    private final JsonNode data;

    Shown(String noun, JsonNode data) {
        this.noun = noun;
        this.data = data;
    }

    void print(Screen screen) {
        if (data.path("node").isObject()) {
            Describe.print(data, screen);
            lists(screen, Set.of("edges"));
        } else if (data.isObject()) {
            data.properties().stream()
                    .filter(member -> !listed(member.getValue()))
                    .forEach(member -> line(screen, member));
            lists(screen, Set.of());
        } else if (data.isArray()) {
            table(screen, Fields.items(data));
        } else if (!data.isMissingNode() && !data.isNull()) {
            screen.line(data.asText());
        }
    }

    private void lists(Screen screen, Set<String> shown) {
        List<Map.Entry<String, JsonNode>> lists = data.properties().stream()
                .filter(member -> listed(member.getValue()) && !shown.contains(member.getKey()))
                .toList();
        boolean alone = lists.size() == 1 && lists.size() == data.size();
        for (Map.Entry<String, JsonNode> list : lists) {
            if (!alone && !list.getValue().isEmpty()) {
                screen.blank();
                screen.line(screen.paint(Style.DIM, list.getKey().replace('_', ' ')));
            }
            if (alone || !list.getValue().isEmpty()) {
                table(screen, Fields.items(list.getValue()));
            }
        }
    }

    /** Whether it is shown as a table. */
    private static boolean listed(JsonNode value) {
        return value.isArray() && (value.isEmpty() || value.path(0).isObject());
    }

    private void line(Screen screen, Map.Entry<String, JsonNode> member) {
        String value = value(screen, member.getKey(), member.getValue());
        if (value.length() > 90 || value.contains("\n")) {
            screen.line(screen.paint(Style.DIM, member.getKey()));
            screen.paragraph(value, "    ");
        } else if (!value.isBlank()) {
            screen.line(screen.paint(Style.DIM, String.format("%-16s", member.getKey())) + " " + value);
        }
    }

    private void table(Screen screen, List<JsonNode> items) {
        if (items.isEmpty()) {
            screen.line("no " + several(noun) + " found");
            return;
        }
        List<String> columns = columns(items);
        if (items.stream().anyMatch(item -> columns.stream().anyMatch(name -> isLong(name, item.path(name))))) {
            blocks(screen, items);
            return;
        }
        Table table = new Table(columns.stream()
                .map(name -> name.replace('_', ' ').toUpperCase(java.util.Locale.ROOT))
                .toArray(String[]::new));
        for (JsonNode item : items) {
            table.row(columns.stream()
                    .map(name -> value(screen, name, item.path(name)))
                    .toArray(String[]::new));
        }
        table.print(screen);
    }

    /** Whether a table would cut it or make its lines endless. */
    private static boolean isLong(String name, JsonNode value) {
        String text = Fields.text(value);
        return !LAST.contains(name) && (text.length() > LONGEST_CELL || text.contains("\n"));
    }

    private void blocks(Screen screen, List<JsonNode> items) {
        for (JsonNode item : items) {
            if (!item.equals(items.getFirst())) {
                screen.blank();
            }
            item.properties().forEach(member -> line(screen, member));
        }
    }

    private static String several(String noun) {
        return noun.endsWith("y")
                ? noun.substring(0, noun.length() - 1) + "ies"
                : noun.endsWith("s") ? noun : noun + "s";
    }

    /** The members that any of them has: the slug for the id where there is one, and what is long at the end. */
    private static List<String> columns(List<JsonNode> items) {
        Set<String> names = new LinkedHashSet<>();
        items.forEach(item -> item.fieldNames().forEachRemaining(names::add));
        if (items.stream().noneMatch(item -> Fields.text(item, "slug").isEmpty())) {
            names.remove("id");
        }
        List<String> columns = new ArrayList<>(names);
        LAST.stream().filter(names::contains).forEach(name -> {
            columns.remove(name);
            columns.add(name);
        });
        return columns;
    }

    private static String value(Screen screen, String name, JsonNode value) {
        String text = Fields.text(value);
        if (name.equals("at") || name.endsWith("_at")) {
            return screen.ages().of(text);
        }
        return name.equals("id") || name.endsWith("_id") ? ShortIds.of(text) : text;
    }
}

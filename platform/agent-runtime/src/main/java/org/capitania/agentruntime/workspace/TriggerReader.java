package org.capitania.agentruntime.workspace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.capitania.agentruntime.workspace.MarkdownDocument.Row;
import org.capitania.agentruntime.workspace.MarkdownDocument.Section;

/** Reads {@code ## Triggers}: a table of event types and the fields they must have. */
final class TriggerReader {
    /** A type, then perhaps a subject ({@code .operator}, {@code .project:*}) or {@code .*}. */
    private static final Pattern EVENT = Pattern.compile("[a-z_]+(\\.[a-z_]+)*(\\.([a-z_]+:)?\\*)?");

    private static final Pattern CONDITION = Pattern.compile("([a-z_]+)\\s*=\\s*(\\S+)");

    private TriggerReader() {}

    static List<Trigger> read(String file, Section section, Findings findings) {
        List<Trigger> triggers = new ArrayList<>();
        for (Row row : section.rows()) {
            String event = row.cell(0);
            if (!EVENT.matcher(event).matches() || !event.contains(".")) {
                findings.add(
                        file,
                        row.line(),
                        "\"" + event + "\" as an event",
                        "an event type such as email.received, or a pattern such as proposal.*");
                continue;
            }
            triggers.add(new Trigger(event, where(file, row, findings)));
        }
        if (triggers.isEmpty()) {
            findings.add(file, section.line(), "no trigger", "a table | Event | Where | with at least one row");
        }
        return triggers;
    }

    private static Map<String, Object> where(String file, Row row, Findings findings) {
        Map<String, Object> where = new LinkedHashMap<>();
        String text = row.cell(1);
        if (text.isBlank() || text.equals("always")) {
            return where;
        }
        for (String part : text.split("\\s+and\\s+")) {
            var matcher = CONDITION.matcher(part.strip());
            if (matcher.matches()) {
                where.put(matcher.group(1), value(matcher.group(2)));
            } else {
                findings.add(
                        file,
                        row.line(),
                        "\"" + part.strip() + "\" as a condition",
                        "field = value, joined by \"and\", or \"always\"");
            }
        }
        return where;
    }

    private static Object value(String text) {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
        };
    }
}

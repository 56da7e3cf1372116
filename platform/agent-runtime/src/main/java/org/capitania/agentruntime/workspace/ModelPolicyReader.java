package org.capitania.agentruntime.workspace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.capitania.agentruntime.workspace.MarkdownDocument.Row;
import org.capitania.agentruntime.workspace.MarkdownDocument.Section;
import org.capitania.agentruntime.workspace.ModelPolicy.Condition;
import org.capitania.agentruntime.workspace.ModelPolicy.Rule;
import org.jspecify.annotations.Nullable;

/** Reads {@code ## Model policy}: a table of conditions, from the first that counts to the default. */
final class ModelPolicyReader {
    private static final Set<String> PURPOSES = Set.of("task", "ask", "snapshot");
    private static final String CONDITIONS =
            "default, session task, session ask, session snapshot, event <type>, text /<expression>/, called <tool> where"
                    + " <field> = <value>, or plan <steps>";

    private static final Pattern PLAN = Pattern.compile("plan ([2-9]|[1-9]\\d)");
    private static final Pattern CALLED = Pattern.compile("called ([a-z][a-z0-9_]*)(?: where (.+))?");
    private static final Pattern FIELD = Pattern.compile("([a-z_]+)\\s*=\\s*(\\S+)");

    private ModelPolicyReader() {}

    static ModelPolicy read(String file, Section section, Findings findings) {
        List<Rule> rules = new ArrayList<>();
        @Nullable ModelClass otherwise = null;
        for (Row row : section.rows()) {
            Optional<ModelClass> model = model(row.cell(1));
            if (model.isEmpty()) {
                findings.add(file, row.line(), "\"" + row.cell(1) + "\" as a model", "haiku, sonnet or opus");
                continue;
            }
            if (row.cell(0).equals("default")) {
                otherwise = model.get();
                continue;
            }
            boolean mandatory = mandatory(file, row, findings);
            condition(file, row, findings).ifPresent(when -> rules.add(new Rule(when, model.get(), mandatory)));
        }
        if (otherwise == null) {
            findings.add(file, section.line(), "no default model", "a row whose first cell is default");
            otherwise = ModelClass.SONNET;
        }
        return new ModelPolicy(rules, otherwise);
    }

    static Optional<ModelClass> model(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "haiku" -> Optional.of(ModelClass.HAIKU);
            case "sonnet" -> Optional.of(ModelClass.SONNET);
            case "opus" -> Optional.of(ModelClass.OPUS);
            default -> Optional.empty();
        };
    }

    private static boolean mandatory(String file, Row row, Findings findings) {
        return switch (row.cell(2)) {
            case "yes" -> true;
            case "no", "" -> false;
            default -> {
                findings.add(file, row.line(), "\"" + row.cell(2) + "\" as mandatory", "yes or no");
                yield false;
            }
        };
    }

    private static Optional<Condition> condition(String file, Row row, Findings findings) {
        String text = row.cell(0);
        if (text.startsWith("session ") && PURPOSES.contains(text.substring(8))) {
            return Optional.of(new Condition.PurposeIs(text.substring(8)));
        }
        if (text.startsWith("event ") && !text.substring(6).isBlank()) {
            return Optional.of(new Condition.EventIs(text.substring(6).strip()));
        }
        if (text.startsWith("text /") && text.endsWith("/") && text.length() > 7) {
            try {
                return Optional.of(new Condition.TextContains(
                        Pattern.compile(text.substring(6, text.length() - 1), Pattern.CASE_INSENSITIVE)));
            } catch (PatternSyntaxException e) {
                findings.add(file, row.line(), "\"" + text + "\"", "a regular expression: " + e.getDescription());
                return Optional.empty();
            }
        }
        Matcher plan = PLAN.matcher(text);
        if (plan.matches()) {
            return Optional.of(new Condition.Plans(Integer.parseInt(plan.group(1))));
        }
        Matcher called = CALLED.matcher(text);
        Optional<Map<String, String>> where = called.matches() ? where(called.group(2)) : Optional.empty();
        if (where.isPresent()) {
            return Optional.of(new Condition.Called(called.group(1), where.get()));
        }
        return wrong(file, row, findings);
    }

    private static Optional<Condition> wrong(String file, Row row, Findings findings) {
        findings.add(file, row.line(), "\"" + row.cell(0) + "\" as a condition", CONDITIONS);
        return Optional.empty();
    }

    /** Fields and their values; empty when one cannot be read. */
    private static Optional<Map<String, String>> where(@Nullable String text) {
        Map<String, String> where = new LinkedHashMap<>();
        for (String part : text == null ? new String[0] : text.split("\\s+and\\s+")) {
            Matcher field = FIELD.matcher(part.strip());
            if (!field.matches()) {
                return Optional.empty();
            }
            where.put(field.group(1), field.group(2));
        }
        return Optional.of(where);
    }
}

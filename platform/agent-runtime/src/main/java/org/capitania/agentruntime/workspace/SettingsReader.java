package org.capitania.agentruntime.workspace;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.capitania.agentruntime.workspace.MarkdownDocument.Field;
import org.capitania.agentruntime.workspace.MarkdownDocument.Row;
import org.capitania.agentruntime.workspace.MarkdownDocument.Section;

/** Reads the sections that are settings: {@code ## Budget}, {@code ## Permissions}, {@code ## Session lifecycle} and lists of names. */
final class SettingsReader {
    private static final Pattern USD = Pattern.compile("\\$?(\\d+(\\.\\d{1,2})?)");
    private static final Pattern COUNT = Pattern.compile("\\d{1,3}( \\d{3})*|\\d+");
    private static final Pattern SECONDS = Pattern.compile("(\\d+) s");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_:-]*");

    private static final String LARGE = "opus_turns_per_day_cap";
    private static final String ALARM = "opus_turns_per_day_alarm";
    private static final List<String> BUDGET =
            List.of("daily_usd_soft", "daily_usd_hard", "tokens_per_run_cap", "max_turns_per_query", LARGE, ALARM);
    private static final List<String> LIFECYCLE = List.of("warm_window", "identical_calls", "reminders");
    private static final List<String> LIMITS = List.of("max_turns", "tokens_per_run_cap");

    private final String file;
    private final Findings findings;

    SettingsReader(String file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    Budget budget(Section section) {
        Map<String, Row> rows = byName(section, BUDGET);
        int large = (int) count(section, rows, LARGE);
        Budget budget = new Budget(
                usd(section, rows, "daily_usd_soft"),
                usd(section, rows, "daily_usd_hard"),
                count(section, rows, "tokens_per_run_cap"),
                (int) count(section, rows, "max_turns_per_query"),
                large,
                rows.containsKey(ALARM) ? (int) count(section, rows, ALARM) : large);
        // A cap that could not be read is 0 here, and told already.
        if (budget.dailyUsdHard().signum() > 0 && budget.dailyUsdSoft().compareTo(budget.dailyUsdHard()) > 0) {
            Row row = rows.get("daily_usd_soft");
            findings.add(
                    file,
                    row == null ? section.line() : row.line(),
                    "daily_usd_soft above daily_usd_hard",
                    "the soft cap at or below the hard one");
        }
        Row alarm = rows.get(ALARM);
        if (alarm != null && budget.largeTurnsAlarm() > budget.largeTurnsPerDay()) {
            findings.add(file, alarm.line(), ALARM + " above " + LARGE, "the alarm at or below the cap");
        }
        return budget;
    }

    Lifecycle lifecycle(Section section) {
        Map<String, Row> rows = byName(section, LIFECYCLE);
        return new Lifecycle(seconds(section, rows, "warm_window"), (int) count(section, rows, "identical_calls"), (int)
                count(section, rows, "reminders"));
    }

    Subagent.Bounds bounds(Section section) {
        Map<String, Row> rows = byName(section, LIMITS);
        return new Subagent.Bounds((int) count(section, rows, "max_turns"), count(section, rows, "tokens_per_run_cap"));
    }

    Permissions permissions(Section section) {
        Set<String> scopes = new LinkedHashSet<>();
        List<String> rules = section.items().stream()
                .map(Field::value)
                .filter(v -> !v.startsWith("scope:"))
                .toList();
        for (Field item : section.items()) {
            if (item.value().startsWith("scope:")) {
                for (String scope : item.value().substring(6).split(",")) {
                    name(item.line(), scope.strip(), "a scope").ifPresent(scopes::add);
                }
            }
        }
        if (scopes.isEmpty()) {
            findings.add(file, section.line(), "no scope", "a list item \"scope: name, name\"");
        }
        return new Permissions(scopes, rules);
    }

    /** The names of a bullet list; what follows a name after {@code —} is for people. */
    List<String> names(Section section, String what) {
        Set<String> names = new LinkedHashSet<>();
        for (Field item : section.items()) {
            String name = item.value().split(" — ", 2)[0].strip();
            name(item.line(), name, what).ifPresent(n -> {
                if (!names.add(n)) {
                    findings.add(file, item.line(), n + " a second time", "each " + what + " once");
                }
            });
        }
        return List.copyOf(names);
    }

    private java.util.Optional<String> name(int line, String name, String what) {
        if (NAME.matcher(name).matches()) {
            return java.util.Optional.of(name);
        }
        findings.add(file, line, "\"" + name + "\"", what + ": lower-case letters, digits, _ and -");
        return java.util.Optional.empty();
    }

    private Map<String, Row> byName(Section section, List<String> known) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (Row row : section.rows()) {
            if (!known.contains(row.cell(0))) {
                findings.add(file, row.line(), "a row \"" + row.cell(0) + "\"", "one of " + String.join(", ", known));
            } else if (rows.putIfAbsent(row.cell(0), row) != null) {
                findings.add(file, row.line(), row.cell(0) + " a second time", "each row once");
            }
        }
        return rows;
    }

    private BigDecimal usd(Section section, Map<String, Row> rows, String name) {
        Row row = rows.get(name);
        if (row != null) {
            var matcher = USD.matcher(row.cell(1));
            if (matcher.matches()) {
                return new BigDecimal(matcher.group(1));
            }
        }
        wrong(section, row, name, "an amount such as $2.50");
        return BigDecimal.ZERO;
    }

    private long count(Section section, Map<String, Row> rows, String name) {
        Row row = rows.get(name);
        if (row != null && COUNT.matcher(row.cell(1)).matches()) {
            long value = Long.parseLong(row.cell(1).replace(" ", ""));
            if (value > 0) {
                return value;
            }
        }
        wrong(section, row, name, "a whole number above 0, such as 200 000");
        return 1;
    }

    private Duration seconds(Section section, Map<String, Row> rows, String name) {
        Row row = rows.get(name);
        if (row != null) {
            var matcher = SECONDS.matcher(row.cell(1));
            if (matcher.matches()) {
                return Duration.ofSeconds(Long.parseLong(matcher.group(1)));
            }
        }
        wrong(section, row, name, "seconds, such as 90 s");
        return Duration.ZERO;
    }

    private void wrong(Section section, @org.jspecify.annotations.Nullable Row row, String name, String expected) {
        if (row == null) {
            findings.add(file, section.line(), "no row " + name, "a row | " + name + " | " + expected + " |");
        } else {
            findings.add(file, row.line(), "\"" + row.cell(1) + "\" for " + name, expected);
        }
    }
}

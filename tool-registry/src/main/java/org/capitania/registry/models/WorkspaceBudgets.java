package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The section {@code ## Budget} of the agents' workspaces, as they were when this service was built. */
@ApplicationScoped
class WorkspaceBudgets {
    /** The agents whose workspaces the build puts into this jar. */
    static final List<String> ROLES = List.of("chief", "operator");

    private static final Pattern SECTION = Pattern.compile("(?ms)^## Budget\\s*$(.*?)(?=^## |\\z)");
    private static final String HARD = "daily_usd_hard";
    private static final String SOFT = "daily_usd_soft";
    private static final String USD = "\\$?(\\d{1,6}(?:\\.\\d{1,2})?)";

    /** Role to {@code daily_usd_hard}. */
    Map<String, BigDecimal> hardCaps() {
        Map<String, BigDecimal> caps = new TreeMap<>();
        for (String role : ROLES) {
            caps.put(role, hardCap(role, read("/workspaces/" + role + "/agent.md")));
        }
        return caps;
    }

    /** Role to {@code daily_usd_soft}, where the workspace names one. */
    Map<String, BigDecimal> softCaps() {
        Map<String, BigDecimal> caps = new TreeMap<>();
        for (String role : ROLES) {
            softCap(read("/workspaces/" + role + "/agent.md")).ifPresent(cap -> caps.put(role, cap));
        }
        return caps;
    }

    /** Role to what bounds its calls beside money. */
    Map<String, CallLimits> callLimits() {
        Map<String, CallLimits> limits = new TreeMap<>();
        for (String role : ROLES) {
            limits.put(role, callLimits(role, read("/workspaces/" + role + "/agent.md")));
        }
        return limits;
    }

    static CallLimits callLimits(String role, String workspace) {
        long tokens = count(role, workspace, "tokens_per_run_cap");
        long turns = count(role, workspace, "max_turns_per_query");
        long large = count(role, workspace, "opus_turns_per_day_cap");
        long alarm = rows(workspace, "opus_turns_per_day_alarm", "(\\d{1,6})").stream()
                .findFirst()
                .map(Long::parseLong)
                .orElse(large);
        return new CallLimits(tokens, turns, large, alarm);
    }

    private static long count(String role, String workspace, String name) {
        List<String> counts = rows(workspace, name, "(\\d[\\d ]{0,11})");
        if (counts.size() == 1) {
            return Long.parseLong(counts.getFirst().replace(" ", ""));
        }
        throw new IllegalStateException("the workspace of " + role
                + " must have one section \"## Budget\" with one row such as | " + name + " | 200 000 |");
    }

    /** The one hard cap that a workspace names; anything else is an {@link IllegalStateException}: no cap is never no limit. */
    static BigDecimal hardCap(String role, String workspace) {
        List<String> caps = rows(workspace, HARD, USD);
        if (caps.size() == 1) {
            return new BigDecimal(caps.getFirst());
        }
        throw new IllegalStateException("the workspace of " + role
                + " must have one section \"## Budget\" with one row such as | daily_usd_hard | $7.00 |");
    }

    /** The soft cap; a workspace may do without one. */
    static Optional<BigDecimal> softCap(String workspace) {
        return rows(workspace, SOFT, USD).stream().findFirst().map(BigDecimal::new);
    }

    /** The values of a row of the budget; none when there is not just one budget. */
    private static List<String> rows(String workspace, String name, String value) {
        Matcher section = SECTION.matcher(workspace);
        if (!section.find()) {
            return List.of();
        }
        List<String> values = Pattern.compile("(?m)^\\|\\s*" + name + "\\s*\\|\\s*" + value + "\\s*\\|\\s*$")
                .matcher(section.group(1))
                .results()
                .map(row -> row.group(1).strip())
                .toList();
        return section.find() ? List.of() : values;
    }

    private static String read(String file) {
        try (InputStream in = WorkspaceBudgets.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in this jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.capitania.registry.risk;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.registry.reviewed.ReviewedFile;

/** The reviewed file {@code destructive.json}. A line that asks for a fact nobody knows, or stands twice, stops the start. */
@Singleton
public class RiskList {

    /** A line that a call fell under. */
    public record Hit(String line, RiskClass risk, String says, String chapter) {}

    private record File(String comment, List<RiskLine> lines) {}

    private final List<RiskLine> lines;

    RiskList() {
        this.lines = load();
    }

    private static List<RiskLine> load() {
        List<RiskLine> lines = ReviewedFile.read("destructive.json", File.class).lines();
        Set<String> ids = new HashSet<>();
        lines.forEach(line -> check(line, ids.add(line.id())));
        return lines;
    }

    private static void check(RiskLine line, boolean fresh) {
        RiskLine.When when = line.when();
        boolean narrow =
                when.actions() != null || when.arguments() != null || when.facts() != null || when.text() != null;
        boolean known = when.facts() == null || when.facts().stream().allMatch(f -> Facts.NAMES.contains(f.name()));
        if (!fresh
                || !known
                || line.risk() == null
                || when.tools().isEmpty()
                || (when.tools().contains("*") && !narrow)) {
            throw new IllegalStateException("destructive.json: line " + line.id()
                    + " stands twice, has no class, names a fact nobody knows, or is about everything");
        }
        if (when.arguments() != null) {
            when.arguments().stream()
                    .map(RiskLine.Argument::matches)
                    .filter(java.util.Objects::nonNull)
                    .forEach(Pattern::compile);
        }
        TextTest text = when.text();
        if (text != null) {
            Stream.of(text.lost(), text.changed())
                    .filter(java.util.Objects::nonNull)
                    .forEach(Pattern::compile);
        }
    }

    List<RiskLine> lines() {
        return lines;
    }

    /** Every line that a call falls under, in the order of the file; a call that changes nothing only under those for reads. */
    List<Hit> hits(String tool, String action, boolean changes, JsonNode arguments, Facts facts) {
        return lines.stream()
                .filter(line -> changes || line.reads())
                .filter(line -> line.holds(tool, action, arguments, facts))
                .map(line -> new Hit(line.id(), line.risk(), line.says(), line.chapter()))
                .toList();
    }
}

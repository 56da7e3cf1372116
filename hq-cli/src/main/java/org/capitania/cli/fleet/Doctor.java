package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import picocli.CommandLine.Command;

/** {@code hq doctor}: what is wrong with this machine or installation, and the mend. */
@Command(name = "doctor", description = "What is wrong with this machine or installation, and the mend.")
public final class Doctor extends Verb {
    public Doctor(Environment environment) {
        super("doctor", environment);
    }

    /**
     * One thing looked at.
     *
     * @param mend what to do; empty when nothing is wrong
     */
    record Finding(String what, Grade grade, String seen, String mend) {
        static Finding good(String what, String seen) {
            return new Finding(what, Grade.GOOD, seen, "");
        }
    }

    enum Grade {
        GOOD,
        CAUTION,
        BAD
    }

    @Override
    protected Reply run() {
        List<Finding> findings = new Examination(environment(), home()).all();
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (Finding finding : findings) {
            data.addObject()
                    .put("what", finding.what())
                    .put("grade", finding.grade().name().toLowerCase(java.util.Locale.ROOT))
                    .put("seen", finding.seen())
                    .put("mend", finding.mend());
        }
        long bad = findings.stream()
                .filter(finding -> finding.grade() == Grade.BAD)
                .count();
        return Reply.of(action(), data, screen -> findings.forEach(finding -> print(finding, screen)))
                .withFailure(
                        bad == 0
                                ? null
                                : Failure.system(
                                        "not_well", bad + (bad == 1 ? " thing is" : " things are") + " wrong"));
    }

    private static void print(Finding finding, Screen screen) {
        String mark = switch (finding.grade()) {
            case GOOD -> screen.paint(Style.GOOD, "✓");
            case CAUTION -> screen.paint(Style.CAUTION, "!");
            case BAD -> screen.paint(Style.BAD, "✗");
        };
        screen.line(mark + " " + String.format("%-18s", finding.what()) + " " + finding.seen());
        if (!finding.mend().isEmpty()) {
            screen.line("    " + screen.paint(Style.BOLD, "mend: ") + finding.mend());
        }
    }
}

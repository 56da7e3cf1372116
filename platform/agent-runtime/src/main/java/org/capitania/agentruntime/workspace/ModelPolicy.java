package org.capitania.agentruntime.workspace;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which model a turn uses: the first rule that fits, else the default. */
public record ModelPolicy(List<Rule> rules, ModelClass otherwise) {
    public ModelPolicy {
        rules = List.copyOf(rules);
    }

    /** The class for a turn; a {@code mandatory} choice is never demoted to save cost. */
    public Choice choose(Situation situation) {
        for (Rule rule : rules) {
            if (rule.when().fits(situation)) {
                return new Choice(rule.model(), rule.mandatory());
            }
        }
        return new Choice(otherwise, false);
    }

    public record Choice(ModelClass model, boolean mandatory) {}

    public record Rule(Condition when, ModelClass model, boolean mandatory) {}

    /**
     * What a turn is about.
     *
     * @param purpose {@code task}, {@code ask} or {@code snapshot}
     * @param eventTypes the types of the events in the session
     * @param text the events' own words, for rules that look for some
     */
    public record Situation(String purpose, List<String> eventTypes, String text) {}

    /** What a rule looks at. */
    public sealed interface Condition {
        boolean fits(Situation situation);

        /** The session's purpose, such as {@code ask}. */
        record PurposeIs(String purpose) implements Condition {
            @Override
            public boolean fits(Situation situation) {
                return situation.purpose().equals(purpose);
            }
        }

        /** One of the events has this type; {@code proposal.*} fits every proposal event. */
        record EventIs(String pattern) implements Condition {
            @Override
            public boolean fits(Situation situation) {
                Predicate<String> matches = pattern.endsWith(".*")
                        ? type -> type.startsWith(pattern.substring(0, pattern.length() - 1))
                        : pattern::equals;
                return situation.eventTypes().stream().anyMatch(matches);
            }
        }

        /** The events' text contains the expression. */
        record TextContains(Pattern expression) implements Condition {
            @Override
            public boolean fits(Situation situation) {
                return expression.matcher(situation.text()).find();
            }
        }
    }
}

package org.capitania.agentruntime.workspace;

import java.util.List;
import java.util.Map;
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

    public record Choice(ModelClass model, boolean mandatory) {
        /** Whether there is a smaller one for it to save cost. */
        public boolean routine() {
            return !mandatory && model != ModelClass.HAIKU;
        }

        /** One size smaller. */
        public Choice demoted() {
            return new Choice(model == ModelClass.OPUS ? ModelClass.SONNET : ModelClass.HAIKU, false);
        }
    }

    public record Rule(Condition when, ModelClass model, boolean mandatory) {}

    /**
     * What a turn is about.
     *
     * @param purpose {@code task}, {@code ask} or {@code snapshot}
     * @param eventTypes the types of the events in the session, each also with its subject as a last segment
     * @param text the events' own words, for rules that look for some; of those that came from outside none: a stranger does not choose the
     *     model
     * @param calls what the last reply called
     * @param said what the last reply said beside
     */
    public record Situation(String purpose, List<String> eventTypes, String text, List<Call> calls, String said) {}

    /** A call with the fields that are plain values. */
    public record Call(String tool, Map<String, String> arguments) {}

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

        /** The events' text contains the expression; one that is at it for too long has not found anything. */
        record TextContains(Pattern expression) implements Condition {
            @Override
            public boolean fits(Situation situation) {
                return BoundedText.finds(expression, situation.text());
            }
        }

        /** The last reply called the tool, with these values; one that ends in {@code *} fits whatever begins so. */
        record Called(String tool, Map<String, String> where) implements Condition {
            @Override
            public boolean fits(Situation situation) {
                return situation.calls().stream()
                        .anyMatch(call -> call.tool().equals(tool)
                                && where.entrySet().stream()
                                        .allMatch(e -> like(
                                                e.getValue(), call.arguments().getOrDefault(e.getKey(), ""))));
            }

            private static boolean like(String pattern, String value) {
                return pattern.endsWith("*")
                        ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                        : pattern.equals(value);
            }
        }

        /** The last reply laid out a plan of at least so many steps: a numbered list. */
        record Plans(int steps) implements Condition {
            private static final Pattern STEP = Pattern.compile("(?m)^ {0,3}\\d{1,2}[.)] \\S");

            @Override
            public boolean fits(Situation situation) {
                return STEP.matcher(situation.said()).results().limit(steps).count() == steps;
            }
        }
    }
}

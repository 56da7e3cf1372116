package org.capitania.agentruntime.rehearsal;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a subagent does: it looks at the record that its question names and says what is there. A project agent says that nothing was done:
 * work inside a project follows no rules.
 */
final class SubagentProcedure implements Procedure {
    /** Of the customer, in the question of a deep dive. */
    static final String STRANGER = "Customer: ";

    private static final String TASK = "## Your task";
    private static final String NOT_DONE = "NOT DONE: ";
    private static final Pattern RECORD = Pattern.compile(
            "\\b(?:entity|contact|engagement|project):[a-z0-9][a-z0-9._-]{1,80}|\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b");

    @Override
    public Outcome play(Play play) {
        String question = play.field("text");
        if (question.startsWith(TASK)) {
            return new Outcome(
                    NOT_DONE + "the rehearsal model changes nothing inside a project, a person has to.", "not done");
        }
        // What stands behind it are a stranger's words.
        Matcher named = RECORD.matcher(question.split(STRANGER, 2)[0]);
        String found = (named.find() ? Optional.of(named.group()) : Optional.<String>empty())
                .flatMap(ref -> play.look("I look at what is recorded.", "hq_describe", Map.of("ref", ref)))
                .map(record -> AnswerProcedure.FACT + AnswerProcedure.sentence(record))
                .orElse(AnswerProcedure.NONE + "the question names no record that can be read.");
        return new Outcome(found, "answered");
    }

    /** What a subagent has said; empty where it has found or done nothing. */
    static Optional<String> said(String answer) {
        return answer.contains(NOT_DONE)
                ? Optional.empty()
                : AnswerProcedure.fact(answer.replaceFirst("^\\[rehearsal]\\s*", ""));
    }
}

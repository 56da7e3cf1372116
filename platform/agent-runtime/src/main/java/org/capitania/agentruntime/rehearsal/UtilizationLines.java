package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What the brief says about how the agents use what they may; nothing where that is as it should be (seeds 17.7). */
record UtilizationLines(Language l) {
    /** Of fewer replies no share is told. */
    private static final int ENOUGH = 10;

    private static final double LEAST = 0.3;
    private static final double MOST = 0.5;

    List<String> of(JsonNode section) {
        List<String> lines = new ArrayList<>();
        int violations = (int) BriefPage.value(section, "cross_scope_violations");
        if (violations > 0) {
            lines.add(l.say("We agents tried ", "Nós, os agentes, tentámos ")
                    + l.count(violations, "time", "times", "vez", "vezes")
                    + l.say(
                            " to write what is not ours, and were refused. I would look why.",
                            " escrever o que não é nosso, e foi recusado. Eu via porquê."));
        }
        double replies = BriefPage.value(section, "replies");
        double dives = BriefPage.value(section, "deep_dives");
        if (replies >= ENOUGH && (dives < LEAST * replies || dives > MOST * replies)) {
            lines.add(l.say("Of ", "De ")
                    + l.count((int) replies, "reply", "replies", "resposta", "respostas")
                    + l.say(" in thirty days ", " em trinta dias, ")
                    + l.count((int) dives, "rested", "rested", "assentou", "assentaram")
                    + l.say(" on a reading of many sources. ", " numa leitura de várias fontes. ")
                    + (dives < LEAST * replies
                            ? l.say("I would read more before I draft.", "Eu lia mais antes de escrever.")
                            : l.say("I would read more of it myself.", "Eu próprio lia mais.")));
        }
        return lines;
    }
}

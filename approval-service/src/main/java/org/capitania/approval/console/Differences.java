package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;

/** What a stale proposal rests on, as it was when it was written and as it is: a line a change, as tool-registry found it. */
final class Differences {
    private static final int LONGEST = 300;

    private Differences() {}

    static List<String> of(ProposalView proposal) {
        JsonNode found = proposal.result();
        List<String> lines = new ArrayList<>();
        if (proposal.status() == ProposalStatus.STALE && found != null) {
            found.path("differences").forEach(fact -> add(lines, fact));
        }
        return lines;
    }

    private static void add(List<String> lines, JsonNode fact) {
        String what = shown(fact.path("title")) + " (" + shown(fact.path("type")) + ")";
        if (fact.path("gone").asBoolean()) {
            lines.add(what + " is gone");
        } else if (fact.path("changes").isEmpty()) {
            lines.add(what + " has changed");
        }
        fact.path("changes")
                .forEach(change -> lines.add(what + ": " + shown(change.path("path")) + " was "
                        + shown(change.path("before")) + ", is " + shown(change.path("after"))));
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "nothing";
        }
        String text = Addresses.readable(value.isTextual() ? value.asText() : value.toString());
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}

package org.capitania.cli.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.ShortIds;
import org.capitania.contract.Service;

/** What the verbs about one proposal share: the id, whole or short, and the way to it. */
abstract class ProposalVerb extends Verb {
    ProposalVerb(String action, Environment environment) {
        super(action, environment);
    }

    /** The whole id of a proposal that is given whole or by its short form. */
    final String resolve(String given) {
        if (ShortIds.isWhole(given)) {
            return given;
        }
        List<String> ids = ShortIds.isPart(given)
                ? ShortIds.matching(
                        given,
                        Fields.items(api().get(
                                                Service.APPROVAL_SERVICE,
                                                "/v1/proposals?limit=500&id=" + given.toLowerCase(Locale.ROOT))
                                        .body())
                                .stream()
                                .map(p -> Fields.text(p, "id"))
                                .toList())
                : List.of();
        return switch (ids.size()) {
            case 0 -> throw Failure.notFound("no proposal has the id " + given);
            case 1 -> ids.getFirst();
            default -> throw Failure.caller("ambiguous_id", given + " may mean " + String.join(" or ", ids));
        };
    }

    final JsonNode read(String id) {
        return api().get(Service.APPROVAL_SERVICE, Api.path("/v1/proposals/", id))
                .body();
    }

    final Answer decide(String id, String decision, Object body) {
        return api().post(Service.APPROVAL_SERVICE, Api.path("/v1/proposals/", id) + "/" + decision, body);
    }

    /** The reply to a decision: the proposal as it stands now, and in text one line. */
    final Reply decided(Answer answer, String done) {
        return Reply.of(
                        action(),
                        answer.body(),
                        screen -> screen.line(
                                screen.paint(Style.GOOD, done) + " " + Fields.text(answer.body(), "summary") + "  "
                                        + screen.paint(Style.DIM, ShortIds.of(Fields.text(answer.body(), "id")))))
                .withAudit(answer.auditEventId());
    }

    static Style style(String status) {
        return switch (status) {
            case "pending", "stale" -> Style.CAUTION;
            case "executed" -> Style.GOOD;
            case "failed", "unknown" -> Style.BAD;
            case "rejected", "expired" -> Style.DIM;
            default -> Style.PLAIN;
        };
    }

    static void field(Screen screen, String name, String value) {
        if (!value.isBlank()) {
            screen.line(screen.paint(Style.DIM, String.format("%-12s", name)) + " " + value);
        }
    }
}

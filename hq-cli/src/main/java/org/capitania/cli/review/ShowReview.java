package org.capitania.cli.review;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Screen.Style;
import org.capitania.cli.text.ShortIds;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq review show}. */
@Command(name = "show", description = "One question that waits for a person, or what became of it.")
public final class ShowReview extends Verb {
    private static final List<String> STATUSES = List.of("open", "deferred", "resolved", "dismissed", "withdrawn");

    @Parameters(paramLabel = "REVIEW", description = "its id, or the end of it as listed")
    String id = "";

    public ShowReview(Environment environment) {
        super("review.show", environment);
    }

    @Override
    protected Reply run() {
        Map<String, JsonNode> reviews = new LinkedHashMap<>();
        for (String status : STATUSES) {
            Fields.items(api().get(Service.APPROVAL_SERVICE, "/v1/reviews?status=" + status)
                            .body())
                    .forEach(review -> reviews.put(Fields.text(review, "id"), review));
            List<String> found = ShortIds.matching(id, List.copyOf(reviews.keySet()));
            if (found.size() > 1) {
                throw Failure.caller("ambiguous_id", id + " may mean " + String.join(" or ", found));
            }
            if (!found.isEmpty()) {
                JsonNode review = Objects.requireNonNull(reviews.get(found.getFirst()));
                return Reply.of(action(), review, screen -> print(review, screen));
            }
        }
        throw Failure.notFound("no review has the id " + id).withHint("hq review list names those that are open");
    }

    private static void print(JsonNode review, Screen screen) {
        screen.heading(Fields.first(review, "title", "id"));
        for (String name : List.of("id", "kind", "status", "node_id")) {
            String value = Fields.text(review, name);
            if (!value.isEmpty()) {
                screen.line(screen.paint(Style.DIM, String.format("%-12s", name)) + " " + value);
            }
        }
        screen.line(screen.paint(Style.DIM, String.format("%-12s", "asked")) + " "
                + screen.ages().of(Fields.text(review, "created_at")));
        for (String name : List.of("choice", "note", "decided_by", "deferred_until")) {
            String value = Fields.text(review, name);
            if (!value.isEmpty()) {
                screen.line(screen.paint(Style.DIM, String.format("%-14s", name)) + " " + value);
            }
        }
        review.path("options")
                .forEach(option -> screen.line("  " + Fields.text(option, "id") + "  " + Fields.text(option, "label")));
        String detail = Fields.text(review, "detail");
        if (!detail.isEmpty()) {
            screen.blank();
            screen.paragraph(detail, "");
        }
    }
}

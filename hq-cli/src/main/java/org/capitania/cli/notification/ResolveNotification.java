package org.capitania.cli.notification;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.ShortIds;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq notification resolve}. */
@Command(name = "resolve", description = "Put away what an agent told you.")
public final class ResolveNotification extends Verb {
    @Parameters(paramLabel = "ID", description = "its id, or the end of it as listed")
    String id = "";

    public ResolveNotification(Environment environment) {
        super("notification.resolve", environment);
    }

    @Override
    protected Reply run() {
        List<String> open = Fields.items(
                        api().get(Service.APPROVAL_SERVICE, "/v1/notifications").body())
                .stream()
                .map(told -> Fields.text(told, "id"))
                .toList();
        List<String> found = ShortIds.matching(id, open);
        if (found.size() != 1) {
            throw found.isEmpty()
                    ? Failure.notFound("nothing that you were told has the id " + id)
                            .withHint("hq notification list names what is open")
                    : Failure.caller("ambiguous_id", id + " may mean " + String.join(" or ", found));
        }
        JsonNode data = api().post(
                        Service.APPROVAL_SERVICE, Api.path("/v1/notifications/", found.getFirst()) + "/resolve", null)
                .body();
        return Reply.of(action(), data, screen -> screen.line("put away"));
    }
}

package org.capitania.cli.person;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.cli.Confirmation;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.contract.Service;
import org.capitania.contract.api.Erasure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq person erase}: shows whom it will be before it asks; there is no way back. */
@Command(
        name = "erase",
        description =
                "Erase a person's data for good, in what is live and in all history, because that person asks for it.")
public final class ErasePerson extends Verb {
    @Parameters(paramLabel = "SLUG|UUID", description = "a contact")
    String person = "";

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    public ErasePerson(Environment environment) {
        super("person.erase", environment);
    }

    @Override
    protected Reply run() {
        JsonNode node = api().get(Service.GRAPH_SERVICE, Api.path("/v1/nodes/", person))
                .body()
                .path("node");
        if (!Fields.text(node, "type").equals("contact")) {
            throw Failure.caller(
                    "bad_request",
                    person + " is of type " + Fields.text(node, "type")
                            + "; a person is a contact (hq search NAME --type contact)");
        }
        Confirmation.of(
                environment(),
                yes,
                "erase all data of " + Fields.first(node, "title", "slug", "id") + " (" + Fields.text(node, "slug")
                        + ")");
        JsonNode data = api().post(Service.GRAPH_SERVICE, "/v1/erasures", new Erasure(Fields.text(node, "id")))
                .body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    private static void print(JsonNode data, Screen screen) {
        screen.line("erased: " + Fields.text(data, "erased") + " nodes, " + Fields.text(data, "edges") + " edges; "
                + Fields.text(data, "redacted") + " nodes of others no longer name the person");
        String retained = Fields.text(data, "retained");
        if (!retained.isEmpty()) {
            screen.line("kept, because a duty to keep stands above it (redaction_policy retain): " + retained);
        }
        screen.line("the ledger, the archive of mails and published events go when their time is over");
    }
}

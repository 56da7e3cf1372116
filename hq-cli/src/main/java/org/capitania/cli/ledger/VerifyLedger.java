package org.capitania.cli.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.text.Fields;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;

/** {@code hq ledger verify}. */
@Command(
        name = "verify",
        description =
                "Walk the chains of acts and model calls, and hold them against the heads that were published and against the records on Kafka.")
public final class VerifyLedger extends Verb {
    public VerifyLedger(Environment environment) {
        super("ledger.verify", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().get(Service.TOOL_REGISTRY, "/v1/ledger/verify").body();
        List<JsonNode> chains = StreamSupport.stream(data.spliterator(), false).toList();
        List<String> broken = chains.stream()
                .filter(chain -> chain.hasNonNull("broken_at"))
                .map(chain -> Fields.text(chain, "table") + ": " + Fields.text(chain, "reason"))
                .toList();
        return Reply.of(
                        action(),
                        data,
                        screen -> chains.forEach(chain -> {
                            screen.line(Fields.text(chain, "table") + ": " + said(chain));
                            chain.path("differences").forEach(one -> screen.line("  " + difference(one)));
                            long more = chain.path("differing").asLong()
                                    - chain.path("differences").size();
                            if (more > 0) {
                                screen.line("  and " + more + " more");
                            }
                            if (chain.hasNonNull("unchecked")) {
                                screen.line("  not checked: " + Fields.text(chain, "unchecked"));
                            }
                        }))
                .withFailure(broken.isEmpty() ? null : Failure.system("ledger_broken", String.join("; ", broken)));
    }

    private static String difference(JsonNode one) {
        String entry = one.hasNonNull("seq") ? "entry " + one.path("seq").asLong() : "an entry";
        return entry + " " + Fields.text(one, "kind") + ", call " + Fields.text(one, "call_id") + ", event "
                + Fields.text(one, "event_id");
    }

    private static String said(JsonNode chain) {
        String counted = chain.path("entries").asLong() + " entries, "
                + chain.path("published_heads").asInt() + " published heads";
        return chain.hasNonNull("broken_at") ? "broken after " + counted : "sound, " + counted;
    }
}

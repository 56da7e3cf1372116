package org.capitania.cli.budget;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq budget raise}. */
@Command(name = "raise", description = "Let one agent spend more today than its workspace says; only the owner may.")
public final class RaiseBudget extends Verb {
    @Parameters(index = "0", paramLabel = "AGENT", description = "chief or operator")
    String agent = "";

    @Parameters(index = "1", paramLabel = "USD", description = "what it may spend today, such as 15 or 12.50")
    BigDecimal usd = BigDecimal.ZERO;

    public RaiseBudget(Environment environment) {
        super("budget.raise", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().post(
                        Service.TOOL_REGISTRY, Api.path(ShowBudget.PATH + "/", agent), Map.of("daily_usd", usd))
                .body();
        return Reply.of(action(), data, screen -> ShowBudget.print(data, screen));
    }
}

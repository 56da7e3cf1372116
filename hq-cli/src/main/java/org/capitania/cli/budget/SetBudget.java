package org.capitania.cli.budget;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq budget set}. */
@Command(name = "set", description = "Set what all agents together may spend in a month; only the owner may.")
public final class SetBudget extends Verb {
    @Parameters(paramLabel = "USD", description = "an amount such as 150 or 99.50; 0 stops every call of a model")
    BigDecimal usd = BigDecimal.ZERO;

    public SetBudget(Environment environment) {
        super("budget.set", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().post(Service.TOOL_REGISTRY, ShowBudget.PATH, Map.of("monthly_usd", usd))
                .body();
        return Reply.of(action(), data, screen -> ShowBudget.print(data, screen));
    }
}

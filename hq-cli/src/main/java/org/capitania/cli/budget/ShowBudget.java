package org.capitania.cli.budget;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.WatchedVerb;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
import org.capitania.cli.text.Table;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;

/** {@code hq budget show}. */
@Command(name = "show", description = "What the agents have spent, of what they may, and what waits for money.")
public final class ShowBudget extends WatchedVerb {
    static final String PATH = "/v1/budgets";

    public ShowBudget(Environment environment) {
        super("budget.show", environment);
    }

    @Override
    protected Reply run() {
        JsonNode data = api().get(Service.TOOL_REGISTRY, PATH).body();
        return Reply.of(action(), data, screen -> print(data, screen));
    }

    static void print(JsonNode data, Screen screen) {
        JsonNode month = data.path("month");
        String by = Fields.text(data, "set_by");
        screen.line("all agents this month: " + of(month) + " USD, "
                + (by.isEmpty()
                        ? "the default (hq budget set AMOUNT)"
                        : "set by " + by + " " + screen.ages().of(Fields.text(data, "set_at"))));
        if (data.path("breaker").asBoolean()) {
            screen.line("nine tenths are used: what can wait waits, and routine turns go to smaller models");
        } else if (data.path("demote").asBoolean()) {
            screen.line("at this pace the month would end above it: routine turns go to smaller models");
        }
        screen.blank();
        Table table = new Table("AGENT", "TODAY", "WAITS BECAUSE");
        for (JsonNode agent : Fields.items(data.path("agents"))) {
            table.row(
                    Fields.text(agent, "role"),
                    of(agent.path("day")) + " USD",
                    Fields.text(agent.path("hold"), "reason"));
        }
        table.print(screen);
    }

    private static String of(JsonNode amount) {
        return round(amount.path("taken_usd").decimalValue()) + " of "
                + round(amount.path("cap_usd").decimalValue());
    }

    private static String round(BigDecimal usd) {
        return usd.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}

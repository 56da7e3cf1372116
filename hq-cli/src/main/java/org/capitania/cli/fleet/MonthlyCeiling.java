package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.regex.Pattern;
import org.capitania.cli.Environment;
import org.capitania.cli.call.Api;
import org.capitania.contract.Service;

/**
 * What the agents may spend in a month: asked for where a person sits and models cost money, said otherwise, and only as long as nobody
 * has set it.
 */
final class MonthlyCeiling {
    private static final String PATH = "/v1/budgets";
    private static final Pattern AMOUNT = Pattern.compile("\\d{1,7}(\\.\\d{1,2})?");

    private final Api api;
    private final Environment environment;

    MonthlyCeiling(Api api, Environment environment) {
        this.api = api;
        this.environment = environment;
    }

    void settle(String model, Progress progress) {
        JsonNode budget = api.get(Service.TOOL_REGISTRY, PATH).body();
        if (!budget.path("set_by").asText("").isEmpty()) {
            return;
        }
        BigDecimal stands = budget.at("/month/cap_usd").decimalValue();
        if (model.equals("rehearsal") || !personIsThere()) {
            progress.note("the agents may spend " + stands.toPlainString() + " USD a month together: hq budget set");
            return;
        }
        environment
                .err()
                .print("  What may all agents together spend on models in a month, in USD? [" + stands.toPlainString()
                        + "] ");
        environment.err().flush();
        String answer = line();
        boolean amount = AMOUNT.matcher(answer).matches();
        BigDecimal chosen = amount ? new BigDecimal(answer) : stands;
        api.post(Service.TOOL_REGISTRY, PATH, Map.of("monthly_usd", chosen));
        progress.note("the agents may spend " + chosen.toPlainString() + " USD a month together"
                + (amount || answer.isEmpty() ? "" : " (\"" + answer + "\" is no amount)") + ": hq budget set");
    }

    private boolean personIsThere() {
        Console console = System.console();
        return environment.terminal().err() && console != null && console.isTerminal();
    }

    private static String line() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.capitania.registry.models;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;

/** What a model call goes through: estimate, reservation, provider, settlement. */
@ApplicationScoped
class ModelDoor {
    private final ModelsConfig config;
    private final Prices prices;
    private final Budget budget;
    private final PassThrough passThrough;

    ModelDoor(ModelsConfig config, Prices prices, Budget budget, PassThrough passThrough) {
        this.config = config;
        this.prices = prices;
        this.budget = budget;
        this.passThrough = passThrough;
    }

    void start(@Observes StartupEvent event, Loops loops, Sql sql, Tenants tenants) {
        Duration age = config.timeout().plus(config.longest()).plusMinutes(5);
        loops.every(
                "lost-model-calls",
                Duration.ofMinutes(1),
                () -> tenants.each(tenant -> {
                    Scope scope = Scope.of(tenant, "system:tool-registry", "model calls that never came back");
                    sql.tx(scope, tx -> budget.giveUp(tx, age));
                }));
    }

    /** The provider a call is for; one that is not set up refuses the call. */
    Provider provider(ModelCall call) {
        try {
            return Provider.of(call.provider(), config);
        } catch (CapitaniaException e) {
            throw e.code() == ErrorCode.NOT_CONFIGURED ? budget.refused(call, e) : e;
        }
    }

    boolean large(String provider, String model) {
        return prices.of(provider, model).large();
    }

    /** The most a call can cost: every byte of the request as a token of input that is written to the cache, and the longest answer. */
    BigDecimal estimate(ModelCall call, long inputTokens, long outputTokens) {
        BigDecimal plain = prices.cost(call.provider(), call.model(), new Usage(inputTokens, outputTokens, 0, 0));
        BigDecimal cached = prices.cost(call.provider(), call.model(), new Usage(0, outputTokens, 0, inputTokens));
        return plain.max(cached);
    }

    PassThrough.Answer send(
            Provider provider,
            String path,
            ModelCall call,
            BigDecimal estimate,
            MultivaluedMap<String, String> headers,
            byte[] body) {
        return passThrough.send(provider, path, call, estimate, headers, body);
    }

    void copy(PassThrough.Answer answer, OutputStream out) throws IOException {
        passThrough.copy(answer, out);
    }

    void rehearse(ModelCall call) {
        if (budget.reserve(call, BigDecimal.ZERO)) {
            budget.settle(call, Usage.NONE, BigDecimal.ZERO, "done");
        }
    }
}

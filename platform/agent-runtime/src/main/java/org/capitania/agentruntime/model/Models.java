package org.capitania.agentruntime.model;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.capitania.contract.Service;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** The providers by name, all reached through tool-registry with the agent's own token. */
@ApplicationScoped
public class Models {
    private final Providers providers;
    private final Duration failover;
    private final Clock clock;

    Models(ModelsConfig config, Peers peers, RandomGenerator random, Clock clock) {
        this.failover = config.failover();
        this.clock = clock;
        RetryPolicy retries =
                new RetryPolicy(config.attempts(), config.backOff(), config.longestPause(), random, Models::waitFor);
        this.providers = new Providers(
                peers.url(Service.TOOL_REGISTRY),
                config,
                ticket -> peers.token(
                        Service.TOOL_REGISTRY,
                        Scope.of(ticket.tenant(), ticket.actor(), "model call"),
                        PeerOptions.DEFAULT),
                retries);
    }

    private static void waitFor(Duration pause) throws InterruptedException {
        new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A provider's models, or several providers' with commas between: the next is asked when one fails. */
    public Model of(String names) {
        List<Model> models = Arrays.stream(names.split(","))
                .map(String::strip)
                .map(this::one)
                .toList();
        return models.size() == 1 ? models.getFirst() : new FailoverModel(models, failover, clock);
    }

    private Model one(String provider) {
        return switch (provider) {
            case "anthropic" -> providers.anthropic();
            case "openai" -> providers.openai();
            case "ollama" -> providers.ollama();
            default ->
                throw new IllegalArgumentException("hq.model names \"" + provider
                        + "\", expected rehearsal, or one or more of anthropic, openai and ollama");
        };
    }
}

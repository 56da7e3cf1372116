package org.capitania.agentruntime.model;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
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

    Models(ModelsConfig config, Peers peers, RandomGenerator random) {
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

    public Model of(String provider) {
        return switch (provider) {
            case "anthropic" -> providers.anthropic();
            case "openai" -> providers.openai();
            case "ollama" -> providers.ollama();
            default ->
                throw new IllegalArgumentException(
                        "hq.model is \"" + provider + "\", expected rehearsal, anthropic, openai or ollama");
        };
    }
}

package org.capitania.agentruntime.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Which models the agents use; {@code hq.models} is tool-registry's, with the keys. */
@ConfigMapping(prefix = "hq.agent-models")
public interface ModelsConfig {
    /** Model names at Anthropic. */
    @WithDefault("claude-haiku-4-5")
    String anthropicHaiku();

    @WithDefault("claude-sonnet-4-6")
    String anthropicSonnet();

    @WithDefault("claude-opus-4-7")
    String anthropicOpus();

    /** Model names at an OpenAI-compatible endpoint. */
    @WithDefault("gpt-5-nano")
    String openaiHaiku();

    @WithDefault("gpt-5-mini")
    String openaiSonnet();

    @WithDefault("gpt-5")
    String openaiOpus();

    /** Model names at Ollama. */
    @WithDefault("qwen3:8b")
    String ollamaHaiku();

    @WithDefault("qwen3:14b")
    String ollamaSonnet();

    @WithDefault("qwen3:32b")
    String ollamaOpus();

    /** Tokens one reply may have. */
    @WithDefault("8192")
    int maxOutputTokens();

    /** How long a reply may take to begin: longer than tool-registry waits, which knows what was paid. */
    @WithDefault("11m")
    Duration timeout();

    /** How long nothing may come of a reply that has begun, for the same reason longer than there. */
    @WithDefault("6m")
    Duration stall();

    /** How long all of a reply may take. */
    @WithDefault("40m")
    Duration longest();

    /** How often a call is made before it counts as failed. */
    @WithDefault("5")
    int attempts();

    /** The first pause between two attempts; it doubles each time. A provider's Retry-After wins when it is longer. */
    @WithDefault("1s")
    Duration backOff();

    /** The longest pause; a provider that asks for more ends the call. */
    @WithDefault("60s")
    Duration longestPause();

    /** How many tokens a request and its answer may have together; at 70 % the agent is told, at 75 % room is made. */
    @WithDefault("200000")
    long window();

    /** Context window asked of Ollama, in tokens; there it counts instead of {@link #window()}. */
    Optional<Integer> ollamaContext();

    /** How long a provider that failed is passed over when there is another. */
    @WithDefault("5m")
    Duration failover();
}

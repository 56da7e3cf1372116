package org.capitania.registry.models;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Providers of language models, their keys, and what each agent may spend. The keys are here and nowhere else. */
@ConfigMapping(prefix = "hq.models")
public interface ModelsConfig {
    Anthropic anthropic();

    OpenAi openai();

    Ollama ollama();

    /** What an agent without a workspace of its own may spend in a day of the company, in USD. */
    @WithDefault("10")
    BigDecimal dailyCapUsd();

    /** What single agents may spend in a day, by role; stands above {@code daily_usd_hard} of the agent's workspace. */
    Map<String, BigDecimal> dailyCaps();

    /** What all agents of a company may spend together in a month, in USD, as long as its owner has not set an amount ({@code hq budget set}). */
    @WithDefault("200")
    BigDecimal monthlyCeilingUsd();

    /** Tokens a run of an agent without a workspace of its own may use. */
    @WithDefault("250000")
    long tokensPerRun();

    /** Turns such a session may have. */
    @WithDefault("50")
    int turnsPerRun();

    /** Turns of the large model such an agent may have in a day. */
    @WithDefault("12")
    int largeTurnsPerDay();

    /** The same for single agents, by role; stands above the agent's workspace. */
    Map<String, CallLimit> callLimits();

    /** Limits of one agent. */
    interface CallLimit {
        long tokensPerRun();

        int turnsPerRun();

        int largeTurnsPerDay();

        /** How many of those a person is told of; absent: the last. */
        Optional<Integer> largeTurnsAlarm();
    }

    /** How long a provider may take to begin an answer. */
    @WithDefault("10m")
    Duration timeout();

    /** How long nothing may come of an answer that has begun. */
    @WithDefault("5m")
    Duration stall();

    /** How long all of an answer may take. */
    @WithDefault("30m")
    Duration longest();

    /** How long a provider that refused our key is left alone before one call tries it again. */
    @WithDefault("15m")
    Duration signInPause();

    /** The Messages API. */
    interface Anthropic {
        @WithDefault("https://api.anthropic.com")
        URI baseUrl();

        Optional<String> apiKey();

        /** Sent when the caller names no version of the API. */
        @WithDefault("2023-06-01")
        String version();
    }

    /** Any endpoint that speaks chat completions; the address is what stands before {@code /v1}. */
    interface OpenAi {
        @WithDefault("https://api.openai.com")
        URI baseUrl();

        Optional<String> apiKey();
    }

    /** A local server; it takes no key and costs nothing. */
    interface Ollama {
        Optional<URI> baseUrl();
    }
}

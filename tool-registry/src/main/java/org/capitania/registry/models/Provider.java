package org.capitania.registry.models;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/**
 * A provider that is configured.
 *
 * @param paths what may be called there, and nothing else
 * @param headers what the gateway adds, the key among it; never logged
 */
record Provider(String name, URI baseUrl, Set<String> paths, Map<String, String> headers) {

    static Provider of(String name, ModelsConfig config) {
        return switch (name) {
            case "anthropic" ->
                new Provider(
                        name,
                        config.anthropic().baseUrl(),
                        Set.of("v1/messages", "v1/messages/count_tokens"),
                        Map.of(
                                "x-api-key",
                                key(config.anthropic().apiKey(), name),
                                "anthropic-version",
                                config.anthropic().version()));
            case "openai" ->
                new Provider(
                        name,
                        config.openai().baseUrl(),
                        Set.of("v1/chat/completions", "v1/responses", "v1/embeddings"),
                        Map.of("authorization", "Bearer " + key(config.openai().apiKey(), name)));
            case "ollama" ->
                new Provider(
                        name,
                        config.ollama()
                                .baseUrl()
                                .orElseThrow(() ->
                                        notConfigured(name, "hq.models.ollama.base-url (HQ_MODELS_OLLAMA_BASE_URL)")),
                        Set.of("api/chat", "api/embed"),
                        Map.of());
            default ->
                throw new CapitaniaException(ErrorCode.NOT_FOUND, "no provider is called " + name)
                        .withHint("there are anthropic, openai and ollama");
        };
    }

    URI address(String path) {
        if (!paths.contains(path)) {
            throw new CapitaniaException(
                    ErrorCode.NOT_FOUND, "nothing is called at " + name + " under " + path + ", only " + paths);
        }
        return under(path);
    }

    private URI under(String path) {
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/" + path);
    }

    /** Where it lists its models: any key it takes may read that, and nothing is charged. */
    URI models() {
        return under(name.equals("ollama") ? "api/tags" : "v1/models");
    }

    @Override
    public String toString() {
        return "Provider[" + name + "]";
    }

    private static String key(Optional<String> key, String provider) {
        return key.filter(k -> !k.isBlank())
                .orElseThrow(() -> notConfigured(
                        provider,
                        "hq.models." + provider + ".api-key (HQ_MODELS_" + provider.toUpperCase(Locale.ROOT)
                                + "_API_KEY)"));
    }

    private static CapitaniaException notConfigured(String provider, String what) {
        return new CapitaniaException(ErrorCode.NOT_CONFIGURED, "the model provider " + provider + " is not configured")
                .withHint("set " + what + " for tool-registry, or run with --model rehearsal");
    }
}

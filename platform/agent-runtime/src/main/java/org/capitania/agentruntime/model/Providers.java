package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicServerTool;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.workspace.ModelClass;

/**
 * Builds the providers' clients. None of them gets a key: their base address is tool-registry, which adds it. None of them sends a
 * temperature or its like, which large models refuse.
 */
final class Providers {
    /** LangChain4j insists on some key; {@link GatewayHttp} drops it. */
    private static final String NO_KEY = "none";

    /** The provider's own search by words among the tools that are deferred; the form that tool-registry exports too. */
    private static final AnthropicServerTool SEARCH = AnthropicServerTool.builder()
            .type("tool_search_tool_bm25_20251119")
            .name("tool_search_tool_bm25")
            .build();

    private final URI gateway;
    private final ModelsConfig config;
    private final GatewayHttp.Builder http;
    private final RetryPolicy retries;

    Providers(URI gateway, ModelsConfig config, Function<Ticket, String> bearer, RetryPolicy retries) {
        this.gateway = gateway;
        this.config = config;
        this.http = new GatewayHttp.Builder(bearer, config);
        this.retries = retries;
    }

    Model anthropic() {
        return model(
                "anthropic",
                Map.of(
                        ModelClass.HAIKU, config.anthropicHaiku(),
                        ModelClass.SONNET, config.anthropicSonnet(),
                        ModelClass.OPUS, config.anthropicOpus()),
                name -> anthropic(name).build(),
                Optional.of(name -> anthropic(name)
                        .serverTools(SEARCH)
                        .toolMetadataKeysToSend(ShownTools.DEFERRED)
                        .build()),
                CacheMarks::mark,
                Dialect.ANTHROPIC,
                config.window());
    }

    private AnthropicChatModel.AnthropicChatModelBuilder anthropic(String name) {
        return AnthropicChatModel.builder()
                .httpClientBuilder(http)
                .baseUrl(base("anthropic") + "/v1")
                .apiKey(NO_KEY)
                .modelName(name)
                .maxTokens(config.maxOutputTokens())
                .cacheSystemMessages(true)
                .cacheTools(true)
                .maxRetries(0);
    }

    Model openai() {
        return model(
                "openai",
                Map.of(
                        ModelClass.HAIKU, config.openaiHaiku(),
                        ModelClass.SONNET, config.openaiSonnet(),
                        ModelClass.OPUS, config.openaiOpus()),
                name -> OpenAiChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(base("openai") + "/v1")
                        .apiKey(NO_KEY)
                        .modelName(name)
                        .maxCompletionTokens(config.maxOutputTokens())
                        .maxRetries(0)
                        .build(),
                Optional.empty(),
                request -> {},
                Dialect.OPENAI,
                config.window());
    }

    Model ollama() {
        return model(
                "ollama",
                Map.of(
                        ModelClass.HAIKU, config.ollamaHaiku(),
                        ModelClass.SONNET, config.ollamaSonnet(),
                        ModelClass.OPUS, config.ollamaOpus()),
                name -> {
                    OllamaChatModel.OllamaChatModelBuilder builder = OllamaChatModel.builder();
                    builder.httpClientBuilder(http)
                            .baseUrl(base("ollama"))
                            .modelName(name)
                            .numPredict(config.maxOutputTokens());
                    config.ollamaContext().ifPresent(builder::numCtx);
                    return builder.maxRetries(0).build();
                },
                Optional.empty(),
                request -> {},
                Dialect.OLLAMA,
                config.ollamaContext().map(Integer::longValue).orElse(config.window()));
    }

    private Model model(
            String provider,
            Map<ModelClass, String> names,
            Function<String, ChatModel> plain,
            Optional<Function<String, ChatModel>> searching,
            Consumer<ObjectNode> last,
            Dialect dialect,
            long window) {
        return new ProviderModel(
                provider,
                new ProviderModel.Clients(
                        each(names, plain),
                        searching.map(client -> each(names, client)).orElse(Map.of()),
                        last,
                        dialect),
                names,
                window,
                retries);
    }

    private static Map<ModelClass, ChatModel> each(Map<ModelClass, String> names, Function<String, ChatModel> client) {
        Map<ModelClass, ChatModel> clients = new EnumMap<>(ModelClass.class);
        names.forEach((modelClass, name) -> clients.put(modelClass, client.apply(name)));
        return clients;
    }

    private String base(String provider) {
        return gateway.resolve("/v1/models/" + provider).toString();
    }
}

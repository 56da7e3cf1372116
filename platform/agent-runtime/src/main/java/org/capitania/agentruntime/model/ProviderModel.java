package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.capitania.agentruntime.model.ModelFailure.Kind;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Reply.Finish;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.agentruntime.transcript.Usage;
import org.capitania.agentruntime.workspace.ModelClass;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** A provider's model through LangChain4j, one client a model class; the loop, not LangChain4j, decides about tools and retries. */
final class ProviderModel implements Model {
    /**
     * The clients of a provider.
     *
     * @param searching those that have the provider look for tools; none where it cannot
     * @param last what is done to a request
     */
    record Clients(
            Map<ModelClass, ChatModel> plain,
            Map<ModelClass, ChatModel> searching,
            Consumer<ObjectNode> last,
            Dialect dialect) {}

    private final String provider;
    private final Clients clients;
    private final Map<ModelClass, String> names;
    private final long window;
    private final RetryPolicy retries;
    private final ToolTexts texts = new ToolTexts();

    ProviderModel(String provider, Clients clients, Map<ModelClass, String> names, long window, RetryPolicy retries) {
        this.provider = provider;
        this.clients = clients;
        this.names = Map.copyOf(names);
        this.window = window;
        this.retries = retries;
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public long window() {
        return window;
    }

    @Override
    public Reply reply(ModelRequest request) {
        return reply(request, Words.UNHEARD);
    }

    @Override
    public Reply reply(ModelRequest request, Words words) {
        boolean searches = !clients.searching().isEmpty() && ShownTools.many(request.tools());
        List<ToolDefinition> shown = searches ? ShownTools.deferring(request.tools()) : ShownTools.loaded(request);
        Optional<String> written = shown.isEmpty() ? Optional.empty() : texts.of(searches, shown);
        ChatRequest.Builder chat = ChatRequest.builder().messages(Conversation.messages(request));
        if (!shown.isEmpty()) {
            // Of those that were written before one stands for all until the request is complete.
            chat.toolSpecifications((written.isPresent() ? shown.subList(0, 1) : shown)
                    .stream()
                            .map(tool -> ShownTools.specification(tool, searches))
                            .toList());
        }
        Consumer<ObjectNode> tools = body -> {
            if (written.isPresent()) {
                ToolTexts.put(body, written.get());
            } else {
                texts.keep(searches, shown, body);
            }
        };
        ChatRequest ready = chat.build();
        ChatModel client = (searches ? clients.searching() : clients.plain()).get(request.modelClass());
        String name = names.get(request.modelClass());
        if (client == null || name == null) {
            throw new IllegalStateException("no " + request.modelClass() + " model is configured for " + provider);
        }
        return retries.run(attempt -> {
            // Each attempt is a call of its own to the provider, and so to the ledger.
            String callId = attempt == 1 ? request.callId() : request.callId() + "-r" + (attempt - 1);
            String purpose = request.purpose().name().toLowerCase(Locale.ROOT);
            UnaryOperator<String> whole = body -> {
                ObjectNode sent = Json.read(body, ObjectNode.class);
                if (searches) {
                    SearchBlocks.restore(sent, request.transcript());
                }
                clients.last().accept(sent);
                clients.dialect().stream(sent);
                tools.accept(sent);
                return Json.write(sent);
            };
            GatewayHttp.Call call = new GatewayHttp.Call(
                    request.ticket(), callId, purpose, whole, clients.dialect(), piece -> words.said(callId, piece));
            return ScopedValue.where(GatewayHttp.CALL, call).call(() -> reply(name, request, send(client, ready)));
        });
    }

    private static ChatResponse send(ChatModel client, ChatRequest request) {
        try {
            return client.chat(request);
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof ModelFailure failure) {
                    throw failure;
                }
            }
            // Valid JSON of the wrong shape: a provider that answers like that will do so again.
            throw new ModelFailure(Kind.BAD_REQUEST, "the provider's answer could not be understood: " + e, null, e);
        }
    }

    private static Reply reply(String name, ModelRequest request, ChatResponse response) {
        List<ToolCall> calls = new ArrayList<>();
        for (ToolExecutionRequest call : response.aiMessage().toolExecutionRequests()) {
            // Ollama gives no ids.
            String id = call.id() == null || call.id().isBlank()
                    ? "call_" + request.turn() + "_" + (calls.size() + 1)
                    : call.id();
            calls.add(new ToolCall(id, call.name(), compact(call.arguments())));
        }
        String text = response.aiMessage().text();
        String model = response.modelName();
        SearchBlocks blocks = SearchBlocks.of(response);
        return new Reply(
                text == null ? "" : text,
                calls,
                blocks.paused() && calls.isEmpty() ? Finish.PAUSED : finish(response.finishReason(), !calls.isEmpty()),
                usage(response.tokenUsage()),
                model == null || model.isBlank() ? name : model,
                blocks.content());
    }

    /** In one line when it is JSON, as it came when it is not. */
    private static String compact(@Nullable String arguments) {
        String raw = arguments == null ? "" : arguments;
        return new ToolCall("", "", raw).parsed().map(JsonNode::toString).orElse(raw);
    }

    private static Finish finish(@Nullable FinishReason reason, boolean calls) {
        if (reason == null) {
            return calls ? Finish.TOOLS : Finish.STOP;
        }
        return switch (reason) {
            case LENGTH -> Finish.LENGTH;
            case CONTENT_FILTER -> Finish.FILTERED;
            case TOOL_EXECUTION -> Finish.TOOLS;
            case STOP, OTHER -> calls ? Finish.TOOLS : Finish.STOP;
        };
    }

    private static Usage usage(@Nullable TokenUsage usage) {
        return switch (usage) {
            case null -> Usage.NONE;
            case AnthropicTokenUsage a ->
                new Usage(
                        count(a.inputTokenCount()),
                        count(a.outputTokenCount()),
                        count(a.cacheReadInputTokens()),
                        count(a.cacheCreationInputTokens()));
            case OpenAiTokenUsage o -> {
                // OpenAI counts what it read from the cache as input too; Anthropic does not.
                long cached = o.inputTokensDetails() == null
                        ? 0
                        : count(o.inputTokensDetails().cachedTokens());
                yield new Usage(count(o.inputTokenCount()) - cached, count(o.outputTokenCount()), cached, 0);
            }
            default -> new Usage(count(usage.inputTokenCount()), count(usage.outputTokenCount()), 0, 0);
        };
    }

    private static long count(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }
}

package org.capitania.agentruntime.model;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.agentruntime.transcript.ModelCalls;
import org.capitania.contract.api.SessionMessages;

/** What a model was told in a call, in words. */
public final class SentMessages {
    private SentMessages() {}

    /** The messages of a call, as they followed from the session before it. */
    public static List<SessionMessages.Message> of(ModelCalls.Before before) {
        ModelRequest.Purpose purpose = before.snapshot() ? ModelRequest.Purpose.SNAPSHOT : ModelRequest.Purpose.TURN;
        return Conversation.messages(before.transcript(), purpose).stream()
                .map(SentMessages::message)
                .toList();
    }

    private static SessionMessages.Message message(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> new SessionMessages.Message("system", system.text());
            case UserMessage user -> new SessionMessages.Message("user", user.singleText());
            case AiMessage reply -> new SessionMessages.Message("assistant", words(reply));
            case ToolExecutionResultMessage result ->
                new SessionMessages.Message("tool", result.toolName() + ": " + result.text());
            default -> throw new IllegalStateException("a new kind of message: " + message.type());
        };
    }

    private static String words(AiMessage reply) {
        Stream<String> calls = reply.toolExecutionRequests().stream().map(call -> call.name() + " " + call.arguments());
        return Stream.concat(Stream.ofNullable(reply.text()), calls).collect(Collectors.joining("\n"));
    }
}

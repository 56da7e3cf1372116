package org.capitania.agentruntime.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.capitania.agentruntime.transcript.SessionEntry;
import org.capitania.agentruntime.transcript.SessionEntry.Replied;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.api.ToolLoading;

/**
 * The definitions that a request carries of the tools a session has. With few tools these are all; with many a model is shown some of
 * them and looks for the rest. What it found follows from the transcript alone: a session that is resumed shows the same.
 */
final class ShownTools {
    /** A provider that searches leaves a tool out of the context when it carries this. */
    static final String DEFERRED = "defer_loading";

    private ShownTools() {}

    /** Whether there are more than a model is shown at once, and something that can be left to be looked for. */
    static boolean many(List<ToolDefinition> tools) {
        return tools.size() > ToolLoading.ALL_LOADED
                && tools.stream().anyMatch(ToolDefinition::deferrable)
                && !tools.stream().allMatch(ToolDefinition::deferrable);
    }

    /**
     * All of them, for a provider that searches by itself: the same in every request, so that its cache holds. The last one is where the
     * client marks the end of what is cached, which no deferred tool may be.
     */
    static List<ToolDefinition> deferring(List<ToolDefinition> tools) {
        return tools.stream()
                .sorted(Comparator.comparing(tool -> !tool.deferrable()))
                .toList();
    }

    /** As a client takes it; {@code searches}: for a provider that searches by itself. */
    static ToolSpecification specification(ToolDefinition tool, boolean searches) {
        return searches && tool.deferrable()
                ? Conversation.tool(tool).toBuilder()
                        .addMetadata(DEFERRED, true)
                        .build()
                : Conversation.tool(tool);
    }

    /** Those that are always shown, then what was found, in the order it was found: what was sent before stays a prefix of what is sent now. */
    static List<ToolDefinition> loaded(ModelRequest request) {
        List<ToolDefinition> tools = request.tools();
        boolean canSearch = tools.stream().anyMatch(tool -> tool.name().equals(ToolLoading.TOOLS));
        if (!many(tools) || !canSearch) {
            return tools;
        }
        Set<String> names = new LinkedHashSet<>();
        tools.stream().filter(tool -> !tool.deferrable()).forEach(tool -> names.add(tool.name()));
        names.addAll(found(request.transcript()));
        return names.stream()
                .flatMap(name -> tools.stream().filter(tool -> tool.name().equals(name)))
                .toList();
    }

    /** What a search named, and what was called by a name known from elsewhere: the next call of it should be a good one. */
    private static List<String> found(Transcript transcript) {
        List<String> names = new ArrayList<>();
        for (SessionEntry entry : transcript.entries()) {
            if (entry instanceof Replied replied) {
                replied.reply().calls().forEach(call -> names.add(call.tool()));
            } else if (entry instanceof Returned returned && isSearch(transcript, returned)) {
                for (JsonNode tool : returned.content().path("data").path("tools")) {
                    names.add(tool.path("name").asText());
                }
            }
        }
        return names;
    }

    private static boolean isSearch(Transcript transcript, Returned returned) {
        return returned.ok()
                && returned.tool().equals(ToolLoading.TOOLS)
                && call(transcript, returned)
                        .flatMap(call -> call.parsed().stream())
                        .anyMatch(arguments -> arguments.path("action").asText().equals(ToolLoading.SEARCH));
    }

    private static Stream<ToolCall> call(Transcript transcript, Returned returned) {
        return transcript.all(Replied.class).stream()
                .filter(replied -> replied.turn() == returned.turn())
                .map(replied -> replied.reply().calls().get(returned.ordinal() - 1));
    }
}

package org.capitania.registry.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkiverse.mcp.server.JsonRpcErrorCodes;
import io.quarkiverse.mcp.server.McpException;
import io.quarkiverse.mcp.server.ResourceManager;
import io.quarkiverse.mcp.server.ResourceResponse;
import io.quarkiverse.mcp.server.ResourceTemplateManager;
import io.quarkiverse.mcp.server.TextContent;
import io.quarkiverse.mcp.server.TextResourceContents;
import io.quarkiverse.mcp.server.ToolManager;
import io.quarkiverse.mcp.server.ToolManager.ToolAnnotations;
import io.quarkiverse.mcp.server.ToolManager.ToolArguments;
import io.quarkiverse.mcp.server.ToolResponse;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.api.ToolResult.ToolError;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.curation.Curations;
import org.capitania.registry.export.ToolFormat;

/** Offers every tool of the catalogue, each node of the graph as {@code hq://node/<id or slug>}, and {@code hq://tools}. */
@ApplicationScoped
class McpServing {
    private static final String NODES = "hq://node/";
    private static final String JSON = "application/json";

    private final McpCalls calls;
    private final Curations curations;

    McpServing(McpCalls calls, Curations curations) {
        this.calls = calls;
        this.curations = curations;
    }

    void start(
            @Observes StartupEvent event,
            Catalogue catalogue,
            ToolManager tools,
            ResourceManager resources,
            ResourceTemplateManager templates) {
        Map<String, Set<String>> everything = new TreeMap<>();
        // What is not there yet is no use to a client; nor is an action that none may call.
        Map<String, Set<String>> clients = curations.ofClients();
        catalogue.all().stream()
                .filter(ToolDefinition::available)
                .forEach(tool -> everything.put(tool.name(), clients.getOrDefault(tool.name(), Set.of("*"))));
        ToolFormat.MCP.export(catalogue.all(), everything).path("tools").forEach(tool -> register(tools, tool));
        templates
                .newResourceTemplate("node")
                .setTitle("A node of the company's graph")
                .setDescription(
                        "Everything known of one node, by id or slug (percent-encoded), with its direct connections.")
                .setUriTemplate(NODES + "{ref}")
                .setMimeType(JSON)
                .setHandler(
                        args -> {
                            String uri = args.requestUri().value();
                            ObjectNode named = Json.MAPPER.createObjectNode().put("ref", ref(uri));
                            return read(uri, calls.call(args.connection(), args.requestId(), "hq_describe", named));
                        },
                        true)
                .register();
        resources
                .newResource("tools")
                .setTitle("The tools there are")
                .setDescription("Every tool, and whether you may call it.")
                .setUri("hq://tools")
                .setMimeType(JSON)
                .setHandler(
                        args -> {
                            ObjectNode list = Json.MAPPER.createObjectNode().put("action", "list");
                            return read(
                                    args.requestUri().value(),
                                    calls.call(args.connection(), args.requestId(), "hq_tools", list));
                        },
                        true)
                .register();
    }

    private void register(ToolManager tools, JsonNode tool) {
        String name = tool.path("name").asText();
        JsonNode hints = tool.path("annotations");
        tools.newTool(name)
                .setTitle(tool.path("title").asText())
                .setDescription(tool.path("description").asText())
                .setInputSchema(new JsonObject(tool.path("inputSchema").toString()))
                .setOutputSchema(new JsonObject(tool.path("outputSchema").toString()))
                .setAnnotations(new ToolAnnotations(
                        hints.path("title").asText(),
                        hints.path("readOnlyHint").asBoolean(),
                        hints.path("destructiveHint").asBoolean(),
                        hints.path("idempotentHint").asBoolean(),
                        hints.path("openWorldHint").asBoolean()))
                .setHandler(args -> answer(name, args), true)
                .register();
    }

    private ToolResponse answer(String tool, ToolArguments sent) {
        // As the message has them: the library's own map would lose what a number or a null was.
        JsonNode arguments = Json.read(sent.rawMessage().asString(), JsonNode.class)
                .path("params")
                .path("arguments");
        try {
            ToolResult result = calls.call(
                    sent.connection(),
                    sent.requestId(),
                    tool,
                    arguments.isMissingNode() ? Json.MAPPER.createObjectNode() : arguments);
            return response(!result.ok(), Json.tree(result));
        } catch (CapitaniaException e) {
            ObjectNode failed = Json.MAPPER.createObjectNode();
            failed.put("ok", false).put("status", "failed").put("action", tool);
            return response(
                    true,
                    failed.set("error", Json.tree(new ToolError(e.code().code(), e.detail(), e.hint(), e.errors()))));
        }
    }

    private static ToolResponse response(boolean error, JsonNode said) {
        return new ToolResponse(error, List.of(new TextContent(said.toString())), said, Map.of());
    }

    private static ResourceResponse read(String uri, ToolResult result) {
        if (result.status() == CallStatus.DONE && result.data() != null) {
            return new ResourceResponse(
                    new TextResourceContents(uri, result.data().toString(), JSON));
        }
        ToolError error = result.error();
        boolean missing = error != null && error.code().equals(ErrorCode.NOT_FOUND.code());
        throw new McpException(
                error == null ? "it is " + result.status() : error.message(),
                missing ? JsonRpcErrorCodes.RESOURCE_NOT_FOUND : JsonRpcErrorCodes.INVALID_PARAMS);
    }

    private static String ref(String uri) {
        try {
            return URLDecoder.decode(uri.substring(NODES.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new McpException(uri + " is not percent-encoded", JsonRpcErrorCodes.INVALID_PARAMS);
        }
    }
}

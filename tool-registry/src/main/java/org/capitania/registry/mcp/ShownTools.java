package org.capitania.registry.mcp;

import io.quarkiverse.mcp.server.FilterContext;
import io.quarkiverse.mcp.server.McpMethod;
import io.quarkiverse.mcp.server.ToolFilter;
import io.quarkiverse.mcp.server.ToolManager.ToolInfo;
import jakarta.inject.Singleton;

/** Lists to each identity what it was granted. */
@Singleton
class ShownTools implements ToolFilter {
    private final McpCalls calls;

    ShownTools(McpCalls calls) {
        this.calls = calls;
    }

    @Override
    public boolean test(ToolInfo tool, FilterContext context) {
        return context.method() != McpMethod.TOOLS_LIST || calls.shows(tool.name());
    }
}

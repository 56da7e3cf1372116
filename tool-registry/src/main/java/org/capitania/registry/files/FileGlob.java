package org.capitania.registry.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** Lists files by pattern. */
@ApplicationScoped
class FileGlob implements ToolHandler {
    private final Reading reading;

    FileGlob(Reading reading) {
        this.reading = reading;
    }

    @Override
    public String tool() {
        return "file_glob";
    }

    @Override
    public Result call(Call call) {
        List<Workspace.Entry> found = reading.files(call, call.text("pattern"));
        int limit = call.number("limit", 100);
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode files = data.putArray("files");
        found.stream()
                .limit(limit)
                .forEach(entry -> files.addObject()
                        .put("path", entry.path().toString())
                        .put("bytes", entry.size())
                        .put("modified_at", entry.modifiedAt().toString()));
        return Result.of(data.put("omitted", Math.max(0, found.size() - limit)));
    }
}

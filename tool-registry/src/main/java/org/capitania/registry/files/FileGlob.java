package org.capitania.registry.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;

/** Lists files by pattern. A name is a text as well: one that somebody else chose taints. */
@ApplicationScoped
class FileGlob implements ToolHandler {
    private final Sql sql;
    private final FileBook book;
    private final Reading reading;

    FileGlob(Sql sql, FileBook book, Reading reading) {
        this.sql = sql;
        this.book = book;
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
        List<FilePath> shown =
                found.stream().limit(limit).map(Workspace.Entry::path).toList();
        List<FilePath> strange = sql.tx(call.scope(), tx -> book.strange(tx, shown));
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode files = data.putArray("files");
        found.stream()
                .limit(limit)
                .forEach(entry -> files.addObject()
                        .put("path", entry.path().toString())
                        .put("bytes", entry.size())
                        .put("modified_at", entry.modifiedAt().toString()));
        return Result.of(data.put("omitted", Math.max(0, found.size() - limit)))
                .taintedBy(strange.stream().limit(1).map(path -> "file:" + path).toList());
    }
}

package org.capitania.registry.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;

/** Reads lines of a file. */
@ApplicationScoped
class FileRead implements ToolHandler {
    private static final int LONGEST = 100_000;

    private final Sql sql;
    private final FileBook book;
    private final Workspaces workspaces;

    FileRead(Sql sql, FileBook book, Workspaces workspaces) {
        this.sql = sql;
        this.book = book;
        this.workspaces = workspaces;
    }

    @Override
    public String tool() {
        return "file_read";
    }

    @Override
    public Result call(Call call) {
        FilePath path = FilePath.of(call.text("path"));
        Optional<FileContent> content = workspaces.read(call.scope().tenant(), workspace -> workspace.read(path));
        List<String> lines = text(path, content).lines().toList();
        FileContent found = content.orElseThrow();
        int from = call.number("from_line", 1);
        StringBuilder shown = new StringBuilder();
        int line = from;
        int last = Math.min(lines.size(), from - 1 + call.number("lines", 2000));
        while (line <= last && shown.length() + lines.get(line - 1).length() < LONGEST) {
            shown.append(lines.get(line++ - 1)).append('\n');
        }
        boolean tainted = !sql.tx(call.scope(), tx -> book.trusts(tx, path, found));
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("path", path.toString())
                .put("content", shown.toString())
                .put("sha256", found.sha256())
                .put("bytes", found.size())
                .put("lines", lines.size())
                .put("from_line", from)
                .put("to_line", line - 1)
                .put("tainted", tainted);
        return Result.of(data).taintedBy(tainted ? List.of("file:" + path) : List.of());
    }

    /** A file's text, or why there is none. */
    static String text(FilePath path, Optional<FileContent> content) {
        return content.orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no file " + path)
                        .withHint("file_glob lists what is there"))
                .text()
                .orElseThrow(() -> new CapitaniaException(ErrorCode.BAD_REQUEST, path + " is no text in UTF-8"));
    }
}

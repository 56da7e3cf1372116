package org.capitania.registry.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;

/** Finds a text in files: the text itself, no expression, so that no pattern takes for ever. */
@ApplicationScoped
class FileGrep implements ToolHandler {
    private static final int LONGEST_LINE = 400;
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private final Sql sql;
    private final FileBook book;
    private final Reading reading;
    private final Workspaces workspaces;

    FileGrep(Sql sql, FileBook book, Reading reading, Workspaces workspaces) {
        this.sql = sql;
        this.book = book;
        this.reading = reading;
        this.workspaces = workspaces;
    }

    @Override
    public String tool() {
        return "file_grep";
    }

    @Override
    public Result call(Call call) {
        String pattern = call.textOrNull("pattern");
        List<Workspace.Entry> files = reading.files(call, pattern == null ? "**" : pattern);
        boolean ignoreCase = call.arguments().path("ignore_case").asBoolean(false);
        String wanted = folded(call.text("text"), ignoreCase);
        int limit = call.number("limit", 50);
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode matches = data.putArray("matches");
        List<String> tainted = new ArrayList<>();
        long left = MOST_BYTES;
        int searched = 0;
        for (Workspace.Entry entry : files) {
            left -= entry.size();
            if (matches.size() >= limit || left < 0) {
                break;
            }
            searched++;
            Optional<FileContent> content = content(call, entry);
            int before = matches.size();
            content.flatMap(FileContent::text)
                    .ifPresent(text -> search(entry.path(), text, wanted, ignoreCase, limit, matches));
            if (matches.size() > before
                    && !sql.tx(call.scope(), tx -> book.trusts(tx, entry.path(), content.orElseThrow()))) {
                tainted.add("file:" + entry.path());
            }
        }
        data.put("files_searched", searched)
                .put("files_left", files.size() - searched)
                .put("tainted", !tainted.isEmpty());
        return Result.of(data).taintedBy(tainted);
    }

    /** Empty for a file that may not be read, or is too large: it is passed over. */
    private Optional<FileContent> content(Call call, Workspace.Entry entry) {
        try {
            return workspaces.read(call.scope().tenant(), workspace -> workspace.read(entry.path()));
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                throw e;
            }
            Log.debugf("a file is passed over why=%s", e.detail());
            return Optional.empty();
        }
    }

    private static void search(
            FilePath path, String text, String wanted, boolean ignoreCase, int limit, ArrayNode matches) {
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            if (folded(line, ignoreCase).contains(wanted)) {
                matches.addObject()
                        .put("path", path.toString())
                        .put("line", number)
                        .put("text", line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…");
                if (matches.size() >= limit) {
                    return;
                }
            }
        }
    }

    private static String folded(String text, boolean ignoreCase) {
        return ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
    }
}

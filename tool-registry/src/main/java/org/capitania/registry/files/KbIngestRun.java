package org.capitania.registry.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.files.Articles.Page;
import org.capitania.registry.files.Articles.Taken;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;

/** Takes texts among the company's files into the knowledge base. */
@ApplicationScoped
class KbIngestRun implements ToolHandler {
    private static final int MOST = 200;
    private static final int LONGEST = 100_000;
    private static final int LONGEST_TITLE = 300;
    private static final Pattern TEXT = Pattern.compile("(?i).+\\.(?:md|markdown|txt)");
    private static final Pattern HEADING = Pattern.compile("(?m)^# +(\\S.*)$");

    private final Sql sql;
    private final FileBook book;
    private final Workspaces workspaces;
    private final Reading reading;
    private final Articles articles;

    KbIngestRun(Sql sql, FileBook book, Workspaces workspaces, Reading reading, Articles articles) {
        this.sql = sql;
        this.book = book;
        this.workspaces = workspaces;
        this.reading = reading;
        this.articles = articles;
    }

    @Override
    public String tool() {
        return "kb_ingest_run";
    }

    @Override
    public Result call(Call call) {
        List<FilePath> paths = paths(call);
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode taken = data.putArray("articles");
        ArrayNode skipped = data.putArray("skipped");
        Result result = Result.of(data);
        List<String> strange = new ArrayList<>();
        for (FilePath path : paths) {
            FileContent content = workspaces
                    .read(call.scope().tenant(), workspace -> workspace.read(path))
                    .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no file " + path)
                            .withHint("file_glob lists what is there"));
            boolean trusted = sql.tx(call.scope(), tx -> book.trusts(tx, path, content));
            if (!trusted) {
                // Its name and its title, of which the slug is made, are somebody else's words.
                strange.add("file:" + path);
            }
            String text = content.text().orElse("").strip();
            if (text.isEmpty() || text.length() > LONGEST) {
                skipped.addObject()
                        .put("path", path.toString())
                        .put(
                                "why",
                                text.isEmpty()
                                        ? "it has no text in UTF-8"
                                        : "it is longer than " + LONGEST + " characters: make several files of it");
                continue;
            }
            Taken article = articles.take(
                    call,
                    new Page(
                            path,
                            title(path, text),
                            text,
                            LocalDate.ofInstant(content.modifiedAt(), ZoneOffset.UTC),
                            tainted(call, trusted)));
            taken.addObject()
                    .put("path", path.toString())
                    .put("id", article.id())
                    .put("slug", article.slug())
                    .put("created", article.created())
                    .put("changed", article.changed());
            if (paths.size() == 1) {
                result = result.audited(article.auditEventId());
            }
        }
        return result.taintedBy(strange.stream().limit(1).toList());
    }

    /** The file itself, or the texts of the folder that the caller reads. */
    private List<FilePath> paths(Call call) {
        FilePath given = FilePath.directory(call.text("path"));
        if (TEXT.matcher(given.toString()).matches()) {
            return List.of(given);
        }
        List<FilePath> found = reading
                .below(call, given, path -> TEXT.matcher(path.name()).matches())
                .stream()
                .map(Workspace.Entry::path)
                .toList();
        if (found.isEmpty()) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "there is no text below " + given)
                    .withHint("files that end in .md, .markdown or .txt are taken");
        }
        if (found.size() > MOST) {
            throw new CapitaniaException(
                            ErrorCode.PAYLOAD_TOO_LARGE, "there are " + found.size() + " texts, more than " + MOST)
                    .withHint("take one folder of them after the other");
        }
        return found;
    }

    /** What somebody else put there is untrusted until a person says that it is ours. */
    private static boolean tainted(Call call, boolean trusted) {
        String trust = call.textOrNull("trust");
        boolean vouched = call.human() && "internal".equals(trust);
        return "external".equals(trust) || (!vouched && !trusted);
    }

    /** The first heading, or the file's name. */
    private static String title(FilePath path, String text) {
        Matcher heading = HEADING.matcher(text);
        String title = heading.find()
                ? heading.group(1).strip()
                : path.name().substring(0, path.name().lastIndexOf('.'));
        return title.length() <= LONGEST_TITLE ? title : title.substring(0, LONGEST_TITLE);
    }
}

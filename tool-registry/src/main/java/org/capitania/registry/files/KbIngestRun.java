package org.capitania.registry.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.registry.files.Articles.Page;
import org.capitania.registry.files.Articles.Standing;
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
        FilePath given = FilePath.directory(call.text("path"));
        List<FilePath> paths = paths(call, given);
        List<Standing> gone = gone(call, given, paths);
        if (paths.isEmpty() && gone.isEmpty()) {
            throw absent(given);
        }
        ObjectNode data = Json.MAPPER.createObjectNode();
        ArrayNode taken = data.putArray("articles");
        ArrayNode skipped = data.putArray("skipped");
        ArrayNode retired = data.putArray("retired");
        Result result = Result.of(data);
        List<String> strange = new ArrayList<>();
        for (Standing article : gone) {
            String audit = articles.retire(call, article);
            retired.addObject().put("path", article.path().toString()).put("id", article.id());
            if (article.tainted()) {
                strange.add("file:" + article.path());
            }
            result = paths.isEmpty() && gone.size() == 1 ? result.audited(audit) : result;
        }
        for (FilePath path : paths) {
            FileContent content = read(call, path).orElseThrow(() -> absent(path));
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
            if (paths.size() == 1 && gone.isEmpty()) {
                result = result.audited(article.auditEventId());
            }
        }
        return result.taintedBy(strange.stream().limit(1).toList());
    }

    private Optional<FileContent> read(Call call, FilePath path) {
        return workspaces.read(call.scope().tenant(), workspace -> workspace.read(path));
    }

    private static CapitaniaException absent(FilePath given) {
        return isText(given)
                ? new CapitaniaException(ErrorCode.NOT_FOUND, "there is no file " + given)
                        .withHint("file_glob lists what is there")
                : new CapitaniaException(ErrorCode.NOT_FOUND, "there is no text below " + given)
                        .withHint("files that end in .md, .markdown or .txt are taken");
    }

    private static boolean isText(FilePath path) {
        return TEXT.matcher(path.toString()).matches();
    }

    /** The articles that stand there without a file; one whose file the caller only does not read has one. */
    private List<Standing> gone(Call call, FilePath given, List<FilePath> there) {
        return articles.below(call, given, isText(given)).stream()
                .filter(article -> !there.contains(article.path()) && noFile(call, article.path()))
                .limit(MOST)
                .toList();
    }

    private boolean noFile(Call call, FilePath path) {
        try {
            return read(call, path).isEmpty();
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                throw e;
            }
            // Something else than a file stands there, or on the way: nobody knows what was meant.
            return false;
        }
    }

    /** The file itself, or the texts of the folder that the caller reads. */
    private List<FilePath> paths(Call call, FilePath given) {
        if (isText(given)) {
            return read(call, given).isPresent() ? List.of(given) : List.of();
        }
        List<FilePath> found = reading
                .below(call, given, path -> TEXT.matcher(path.name()).matches())
                .stream()
                .map(Workspace.Entry::path)
                .toList();
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

package org.capitania.registry.files;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.tools.Writes;
import org.jspecify.annotations.Nullable;

/** The articles of the knowledge base that stand for files, one a path. */
@ApplicationScoped
class Articles {
    private static final String TYPE = "kb_article";
    private static final String SOURCE = "file";

    /** What a file says. */
    record Page(FilePath path, String title, String body, LocalDate changedOn, boolean tainted) {}

    /** What became of it. */
    record Taken(
            String id,
            @Nullable String slug,
            boolean created,
            @Nullable String auditEventId) {
        boolean changed() {
            return auditEventId != null;
        }
    }

    private final Graph graph;
    private final Writes writes;

    Articles(Graph graph, Writes writes) {
        this.graph = graph;
        this.writes = writes;
    }

    /** Makes the article, or brings it up to what the file says. */
    Taken take(Call call, Page page) {
        String path = page.path().toString();
        boolean tainted = page.tainted() || writes.tainted(call);
        Optional<NodeView> standing =
                graph
                        .find(
                                call.scope(),
                                NodeQuery.ofType(TYPE).external(SOURCE, path).limit(1))
                        .stream()
                        .findFirst();
        Batch batch = new Batch();
        if (standing.isPresent()) {
            NodeView was = standing.get();
            // Only a person vouches for what was marked.
            boolean marks = was.tainted() != tainted && (tainted || call.human());
            if (!marks && says(was, page)) {
                return new Taken(was.id(), was.slug(), false, null);
            }
            batch.patch(was.id(), article -> {
                article.version(was.version())
                        .status("published")
                        .prop("title", page.title())
                        .prop("body_md", page.body())
                        .prop("updated_on", page.changedOn().toString());
                if (marks) {
                    article.tainted(tainted);
                }
            });
        } else {
            batch.create(
                    "article",
                    TYPE,
                    article -> article.externalIfAbsent(SOURCE, path)
                            .status("published")
                            .prop("title", page.title())
                            .prop("path", path)
                            .prop("body_md", page.body())
                            .prop("updated_on", page.changedOn().toString())
                            .tainted(tainted));
        }
        MutationResult written =
                graph.change(call.scope(), "call:" + call.callId() + ":" + Canonical.sha256(path), batch);
        MutationResult.OpResult first = written.results().getFirst();
        return new Taken(first.id(), first.slug(), first.created(), written.auditEventId());
    }

    /** An article that stands for a file. */
    record Standing(String id, FilePath path, boolean tainted) {}

    /**
     * Those that are shown and stand for a file at, or below, a path.
     *
     * @param file whether it is a file's path: nothing is below it
     */
    List<Standing> below(Call call, FilePath given, boolean file) {
        List<Standing> found = new ArrayList<>();
        NodeQuery shown = NodeQuery.ofType(TYPE).status("draft", "published", "stale");
        graph.each(call.scope(), file ? shown.external(SOURCE, given.toString()) : shown, article -> {
            String path = article.text("path");
            // What was written here has its path for a name as well.
            if (path != null && path.equals(article.externalId()) && within(path, given.toString())) {
                found.add(new Standing(article.id(), FilePath.of(path), article.tainted()));
            }
        });
        return found;
    }

    private static boolean within(String path, String given) {
        return given.isEmpty() || path.equals(given) || path.startsWith(given + "/");
    }

    /** Shows an article no more whose file has gone; it is published again when the file comes back. Answers the id of the write. */
    String retire(Call call, Standing article) {
        Batch batch = new Batch().patch(article.id(), patch -> patch.status("retired"));
        return graph.change(
                        call.scope(),
                        "call:" + call.callId() + ":"
                                + Canonical.sha256("gone", article.path().toString()),
                        batch)
                .auditEventId();
    }

    private static boolean says(NodeView article, Page page) {
        return page.title().equals(article.text("title"))
                && page.body().equals(article.text("body_md"))
                && "published".equals(article.status());
    }
}

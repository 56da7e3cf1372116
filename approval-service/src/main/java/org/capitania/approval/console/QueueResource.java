package org.capitania.approval.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.capitania.approval.signin.Visitor;
import org.jspecify.annotations.Nullable;

/** {@code /}. */
@Path("/")
@RunOnVirtualThread
class QueueResource {

    /** The page and its live part. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance queue(Shell shell, QueuePage page);

        static native TemplateInstance queue$list(QueuePage page);
    }

    private final Pages pages;
    private final Queue queue;
    private final Visitor visitor;

    QueueResource(Pages pages, Queue queue, Visitor visitor) {
        this.pages = pages;
        this.queue = queue;
        this.visitor = visitor;
    }

    @GET
    public Response show(@QueryParam("format") @Nullable String format, @QueryParam("part") @Nullable String part) {
        return pages.show(
                format,
                () -> queue.page(visitor.scope()),
                page -> "list".equals(part)
                        ? Templates.queue$list(page)
                        : Templates.queue(pages.shell(page.headline(), "queue"), page),
                MarkdownTemplates::queue);
    }
}

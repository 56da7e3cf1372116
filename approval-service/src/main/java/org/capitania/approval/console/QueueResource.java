package org.capitania.approval.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.capitania.approval.notification.Notifications;
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

        static native TemplateInstance queue$list(Shell shell, QueuePage page);
    }

    private final Pages pages;
    private final Queue queue;
    private final Notifications notifications;
    private final Visitor visitor;

    QueueResource(Pages pages, Queue queue, Notifications notifications, Visitor visitor) {
        this.pages = pages;
        this.queue = queue;
        this.notifications = notifications;
        this.visitor = visitor;
    }

    @GET
    public Response show(@QueryParam("format") @Nullable String format, @QueryParam("part") @Nullable String part) {
        return pages.show(
                format,
                () -> queue.page(visitor.scope()),
                page -> "list".equals(part)
                        ? Templates.queue$list(pages.partShell(page.headline(), "queue"), page)
                        : Templates.queue(pages.shell(page.headline(), "queue"), page),
                MarkdownTemplates::queue);
    }

    @POST
    @Path("notifications/{id}/resolve")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response resolve(UUID id, @FormParam("token") @Nullable String token) {
        return pages.act(token, () -> {
            notifications.resolve(visitor.scope(), id);
            return "/";
        });
    }
}

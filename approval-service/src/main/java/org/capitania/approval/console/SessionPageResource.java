package org.capitania.approval.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.capitania.approval.console.SessionPage.Other;
import org.capitania.approval.console.SessionPage.Shown;
import org.capitania.approval.signin.Visitor;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** {@code /sessions/{role}[/{id}[/live]]}: what an agent does. */
@Path("/sessions/{role}")
@RunOnVirtualThread
class SessionPageResource {

    /** The page and its live part. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance session(Shell shell, SessionPage page);

        static native TemplateInstance session$steps(SessionPage page);
    }

    private static final Map<String, String> ENDINGS =
            Map.of("finished", "finished", "failed", "failed", "frozen", "stopped for now");

    private final Pages pages;
    private final SessionReader sessions;
    private final Visitor visitor;
    private final Clock clock;

    SessionPageResource(Pages pages, SessionReader sessions, Visitor visitor, Clock clock) {
        this.pages = pages;
        this.sessions = sessions;
        this.visitor = visitor;
        this.clock = clock;
    }

    /** The newest session, of a task where one is named. */
    @GET
    public Response latest(
            @PathParam("role") String role,
            @QueryParam("task") @Nullable String task,
            @QueryParam("format") @Nullable String format,
            @QueryParam("part") @Nullable String part) {
        return show(role, null, task, format, part);
    }

    @GET
    @Path("{id}")
    public Response one(
            @PathParam("role") String role,
            @PathParam("id") String id,
            @QueryParam("format") @Nullable String format,
            @QueryParam("part") @Nullable String part) {
        return show(role, id, null, format, part);
    }

    /** What happens in it from now on, as server-sent events for the page. */
    @GET
    @Path("{id}/live")
    @Produces(MediaType.WILDCARD)
    public Response live(
            @PathParam("role") String role,
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @HeaderParam("Last-Event-ID") @Nullable String seen,
            @Context HttpServerRequest reader) {
        InputStream events = sessions.follow(visitor.scope(), role, id, seen == null ? after : seen);
        StreamingOutput copy =
                out -> sessions.pass(events, out, () -> reader.response().closed());
        return Response.ok(copy)
                .type(MediaType.SERVER_SENT_EVENTS)
                .header("Cache-Control", "no-store")
                .build();
    }

    private Response show(
            String role, @Nullable String id, @Nullable String task, @Nullable String format, @Nullable String part) {
        return pages.show(
                format,
                () -> page(visitor.scope(), role, id, task),
                page -> "steps".equals(part)
                        ? Templates.session$steps(page)
                        : Templates.session(pages.shell("What " + page.role() + " does", "agents"), page),
                MarkdownTemplates::session);
    }

    private SessionPage page(Scope scope, String role, @Nullable String id, @Nullable String task) {
        Instant now = clock.instant();
        List<Other> others = new ArrayList<>();
        Pane<Optional<Shown>> found = Pane.of("What " + role + " does", () -> {
            sessions.list(scope, role, task)
                    .forEach(session -> others.add(
                            new Other(session.path("session_id").asText(), word(session), opened(session, now))));
            Optional<String> chosen = Optional.ofNullable(id)
                    .or(() -> others.stream().map(Other::id).findFirst());
            return chosen.map(session -> shown(sessions.one(scope, role, session), now));
        });
        Optional<Shown> shown = Optional.ofNullable(found.content()).flatMap(Function.identity());
        String missing = found.missing() == null && shown.isEmpty()
                ? role + " has done nothing " + (task == null ? "yet." : "for this task.")
                : found.missing();
        String at = "/sessions/" + encoded(role) + (id == null ? "" : "/" + encoded(id));
        return new SessionPage(
                role,
                shown.orElse(null),
                missing,
                others,
                at + "?part=steps" + (task == null ? "" : "&task=" + encoded(task)),
                id == null);
    }

    private static Shown shown(JsonNode session, Instant now) {
        JsonNode entries = session.path("entries");
        return new Shown(
                session.path("session_id").asText(),
                session.path("task_id").asText(),
                session.hasNonNull("model") ? session.path("model").asText() : null,
                !session.hasNonNull("closed_at"),
                word(session),
                opened(session, now),
                SessionSteps.of(entries, now),
                entries.path(entries.size() - 1).path("seq").asInt(-1));
    }

    private static String word(JsonNode session) {
        return session.hasNonNull("closed_at")
                ? ENDINGS.getOrDefault(session.path("ending").asText(), "over")
                : "at work";
    }

    private static Moment opened(JsonNode session, Instant now) {
        return Moment.of(Instant.parse(session.path("opened_at").asText()), now);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

package org.capitania.approval.console;

import io.quarkus.logging.Log;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import org.capitania.approval.signin.Visitor;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** Answers with a page in the form that is asked for: HTML, or the same as markdown or JSON. */
@ApplicationScoped
class Pages {

    /** Pages that belong to no feature. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance problem(Shell shell, String title, String text);

        static native TemplateInstance needSignIn(String assets);
    }

    private final Visitor visitor;
    private final Queue queue;
    private final Assets assets;
    private final EmergencyStop stop;

    Pages(Visitor visitor, Queue queue, Assets assets, EmergencyStop stop) {
        this.visitor = visitor;
        this.queue = queue;
        this.assets = assets;
        this.stop = stop;
    }

    /** The frame of a page for who is signed in. */
    Shell shell(String title, String here) {
        return shell(title, here, false, stop.reason(visitor.scope()));
    }

    /** Around a part that is read anew, with what it says of what waits; the rest of the frame stands already, and is not asked for. */
    Shell partShell(String title, String here) {
        return shell(title, here, true, null);
    }

    private Shell shell(String title, String here, boolean part, @Nullable String frozen) {
        var scope = visitor.scope();
        return new Shell(
                title,
                here,
                Words.name(scope.actor()),
                visitor.formToken(),
                queue.waiting(scope),
                queue.questions(scope),
                assets.version(),
                frozen,
                part);
    }

    /** Makes the page's content, then shows it in the asked form; what goes wrong is a page as well. */
    <T> Response show(
            @Nullable String format,
            Supplier<T> content,
            Function<T, TemplateInstance> html,
            Function<T, TemplateInstance> markdown) {
        return show(Response.Status.OK.getStatusCode(), format, content, html, markdown);
    }

    <T> Response show(
            int status,
            @Nullable String format,
            Supplier<T> content,
            Function<T, TemplateInstance> html,
            Function<T, TemplateInstance> markdown) {
        if ("json".equals(format) || "md".equals(format)) {
            // Errors stay problems here: whoever asks for JSON or markdown is a program.
            T made = content.get();
            return "json".equals(format)
                    ? answer(status, "application/json", Json.write(made))
                    : answer(
                            status,
                            "text/markdown;charset=UTF-8",
                            markdown.apply(made).render());
        }
        return html(status, () -> html.apply(content.get()));
    }

    /** A page in HTML, or the page that says what went wrong. */
    Response html(int status, Supplier<TemplateInstance> page) {
        try {
            return answer(status, "text/html;charset=UTF-8", page.get().render());
        } catch (CapitaniaException e) {
            return problem(e);
        }
    }

    /** Does what a form asks for and goes on to another page, or says what went wrong. */
    Response act(@Nullable String token, Supplier<String> act) {
        try {
            visitor.scope();
            visitor.requireOwnForm(token);
            return Response.seeOther(URI.create(act.get())).build();
        } catch (CapitaniaException e) {
            return problem(e);
        }
    }

    Response problem(CapitaniaException e) {
        if (e.code() == ErrorCode.UNAUTHENTICATED) {
            return answer(
                    401,
                    "text/html;charset=UTF-8",
                    Templates.needSignIn(assets.version()).render());
        }
        if (e.code().type() == ErrorType.INTERNAL) {
            Log.error("a page could not be made", e);
        }
        String title = switch (e.code().type()) {
            case NOT_FOUND -> "There is nothing here";
            case DENIED -> "This is not allowed";
            case CONFLICT -> "It has changed meanwhile";
            case INVALID, EXHAUSTED -> "That did not work";
            case UNAVAILABLE -> "Not right now";
            case UNAUTHENTICATED, INTERNAL -> "Something failed here";
        };
        return answer(
                e.code().httpStatus(),
                "text/html;charset=UTF-8",
                Templates.problem(shell(title, ""), title, e.detail()).render());
    }

    private static Response answer(int status, String type, String body) {
        return Response.status(status)
                .type(type)
                .header("Cache-Control", "no-store")
                .entity(body)
                .build();
    }
}

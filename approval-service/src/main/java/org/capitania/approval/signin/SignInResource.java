package org.capitania.approval.signin;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jspecify.annotations.Nullable;

/** {@code /sign-in} and {@code /sign-out}. */
@Path("/")
@RunOnVirtualThread
class SignInResource {

    /** The pages of this feature. */
    @CheckedTemplate(basePath = "signin")
    static class Templates {
        static native TemplateInstance signIn(@Nullable String problem);

        static native TemplateInstance welcome();
    }

    private final Sessions sessions;
    private final Visitor visitor;
    private final SignInConfig config;

    SignInResource(Sessions sessions, Visitor visitor, SignInConfig config) {
        this.sessions = sessions;
        this.visitor = visitor;
        this.config = config;
    }

    /**
     * Takes the ticket. The answer is a page that goes on to the console by itself, not a redirect: after a click in another site's page
     * the browser would follow a redirect without the strict cookie.
     */
    @GET
    @Path("sign-in")
    @Produces(MediaType.TEXT_HTML)
    public Response signIn(@QueryParam("ticket") @Nullable String ticket, @Context UriInfo uri) {
        if (ticket == null || ticket.isBlank()) {
            return page(Response.Status.OK, Templates.signIn(null));
        }
        try {
            return Response.ok(Templates.welcome())
                    .cookie(cookie(
                            sessions.signIn(ticket.strip()),
                            (int) config.session().toSeconds(),
                            uri))
                    .build();
        } catch (CapitaniaException e) {
            return page(Response.Status.UNAUTHORIZED, Templates.signIn(e.detail()));
        }
    }

    @POST
    @Path("sign-out")
    @Produces(MediaType.TEXT_HTML)
    public Response signOut(@FormParam("token") @Nullable String token, @Context UriInfo uri) {
        try {
            visitor.requireOwnForm(token);
            sessions.end(visitor.signedIn());
        } catch (CapitaniaException e) {
            // Whoever is no longer signed in is where they wanted to be.
            if (e.code() != ErrorCode.UNAUTHENTICATED) {
                return page(Response.Status.FORBIDDEN, Templates.signIn(e.detail()));
            }
        }
        return Response.seeOther(URI.create("/sign-in"))
                .cookie(cookie("", 0, uri))
                .build();
    }

    private static Response page(Response.Status status, TemplateInstance body) {
        return Response.status(status).entity(body).build();
    }

    private static NewCookie cookie(String value, int maxAge, UriInfo uri) {
        return new NewCookie.Builder(Visitor.COOKIE)
                .value(value)
                .path("/")
                .maxAge(maxAge)
                .httpOnly(true)
                .secure("https".equals(uri.getRequestUri().getScheme()))
                .sameSite(NewCookie.SameSite.STRICT)
                .build();
    }
}

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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.capitania.approval.console.AgentsPage.Agent;
import org.capitania.approval.signin.Visitor;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.AgentView;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** {@code /agents}: what the supervisor knows of them, and pause and resume. */
@Path("/agents")
@RunOnVirtualThread
class AgentsResource {

    /** The page and its live part. */
    @CheckedTemplate(basePath = "console")
    static class Templates {
        static native TemplateInstance agents(Shell shell, AgentsPage page);

        static native TemplateInstance agents$list(Shell shell, AgentsPage page);
    }

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Pages pages;
    private final Peers peers;
    private final Visitor visitor;
    private final Clock clock;

    AgentsResource(Pages pages, Peers peers, Visitor visitor, Clock clock) {
        this.pages = pages;
        this.peers = peers;
        this.visitor = visitor;
        this.clock = clock;
    }

    @GET
    public Response show(@QueryParam("format") @Nullable String format, @QueryParam("part") @Nullable String part) {
        return pages.show(
                format,
                () -> page(visitor.scope()),
                page -> "list".equals(part)
                        ? Templates.agents$list(pages.partShell("Agents", "agents"), page)
                        : Templates.agents(pages.shell("Agents", "agents"), page),
                MarkdownTemplates::agents);
    }

    @POST
    @Path("{role}/{verb}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response act(
            String role,
            String verb,
            @FormParam("token") @Nullable String token,
            @FormParam("reason") @Nullable String reason) {
        return pages.act(token, () -> {
            if (!role.matches("[a-z][a-z0-9_-]{0,40}")
                    || !List.of("pause", "resume").contains(verb)) {
                throw new CapitaniaException(
                        ErrorCode.NOT_FOUND, "an agent can be paused and resumed here, nothing else");
            }
            Scope scope = visitor.scope();
            Map<String, String> body = reason == null || reason.isBlank() ? Map.of() : Map.of("reason", reason.strip());
            peers.post(Service.SUPERVISOR, "/v1/agents/" + role + "/" + verb, scope, body, Map.class, options(scope));
            return "/agents";
        });
    }

    private AgentsPage page(Scope scope) {
        Pane<List<Agent>> agents = Pane.of("The agents", () -> {
            AgentView[] views = peers.get(Service.SUPERVISOR, "/v1/agents", scope, AgentView[].class, options(scope));
            Instant now = clock.instant();
            return Arrays.stream(views).map(a -> agent(a, now)).toList();
        });
        return new AgentsPage(agents.content(), agents.missing());
    }

    private static Agent agent(AgentView view, Instant now) {
        AgentView.LastRun run = view.lastRun();
        String by = view.pausedBy();
        Instant until = view.pausedUntil();
        return new Agent(
                view.role(),
                view.state().wireName(),
                switch (view.state()) {
                    case WARM -> "at work";
                    case COOLDOWN -> "has just finished";
                    case COLD -> "asleep until something happens";
                    case STOPPED ->
                        view.restingSince() == null ? "not running" : "stopped until there is something to do";
                    case PAUSED -> "does not wake, whatever happens";
                },
                view.state() == AgentView.State.PAUSED,
                by == null ? null : Words.name(by),
                view.pausedReason(),
                until == null ? null : Moment.of(until, now),
                run == null ? null : Moment.of(run.startedAt(), now),
                run == null ? null : run.state(),
                view.queued());
    }

    private static PeerOptions options(Scope scope) {
        return PeerOptions.DEFAULT.withTimeout(PATIENCE).onBehalfOf(scope.actor());
    }
}

package org.capitania.agentruntime;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.capitania.agentruntime.workspace.Subagent;
import org.capitania.agentruntime.workspace.Trigger;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.agentruntime.workspace.WorkspaceProblem;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;

/** Which workspace the agent works from, and why a changed one is not used; for the owner. */
@Path("/v1/workspace")
@RunOnVirtualThread
public class WorkspaceResource {
    /**
     * A workspace as it is in use.
     *
     * @param problems what is wrong with the files as they are now; empty when they are the ones in use
     */
    public record View(
            String role,
            String company,
            String version,
            List<String> files,
            List<String> triggers,
            List<String> tools,
            List<String> subagents,
            List<String> problems) {}

    private final CallContext context;
    private final Workspaces workspaces;

    WorkspaceResource(CallContext context, Workspaces workspaces) {
        this.context = context;
        this.workspaces = workspaces;
    }

    @GET
    public View get() {
        context.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON);
        String tenant = context.scope().tenant();
        Workspace workspace = workspaces.of(tenant);
        return new View(
                workspace.role(),
                workspace.company(),
                workspace.version(),
                workspace.files().stream().map(Workspace.StaticFile::name).toList(),
                workspace.triggers().stream().map(Trigger::event).toList(),
                workspace.tools(),
                workspace.subagents().stream().map(Subagent::name).toList(),
                workspaces.problems(tenant).stream()
                        .map(WorkspaceProblem::toString)
                        .toList());
    }
}

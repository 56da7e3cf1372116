package org.capitania.agentruntime.workspace;

import java.util.List;
import java.util.stream.Collectors;

/** A workspace that cannot be used; it stops the start and lists everything that is wrong, one line each. */
public final class WorkspaceException extends RuntimeException {
    private final transient List<WorkspaceProblem> problems;

    WorkspaceException(List<WorkspaceProblem> problems) {
        super("the agent's workspace is wrong:\n"
                + problems.stream().map(p -> "  " + p).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<WorkspaceProblem> problems() {
        return problems;
    }
}

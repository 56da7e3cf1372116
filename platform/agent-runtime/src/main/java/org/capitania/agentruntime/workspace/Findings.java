package org.capitania.agentruntime.workspace;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong in a workspace, so that one start shows all of it. */
final class Findings {
    private final List<WorkspaceProblem> problems = new ArrayList<>();

    void add(String file, int line, String found, String expected) {
        problems.add(new WorkspaceProblem(file, line, found, expected));
    }

    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new WorkspaceException(problems);
        }
    }
}

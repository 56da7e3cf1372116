package org.capitania.agentruntime.workspace;

/** One thing wrong in a workspace file: {@code agent.md:12: found …, expected …}. Lines count from 1; 0 means the file as a whole. */
public record WorkspaceProblem(String file, int line, String found, String expected) {
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": found " + found + ", expected " + expected;
    }
}

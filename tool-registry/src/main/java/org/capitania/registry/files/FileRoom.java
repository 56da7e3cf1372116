package org.capitania.registry.files;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;

/** A tenant's files for what is not done by handle: a program that is started in them. */
@ApplicationScoped
public class FileRoom {
    private final Workspaces workspaces;

    FileRoom(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    public Path directory(String tenant) {
        return workspaces.directory(tenant);
    }

    /** Throws for a path that is spelled oddly, is not there, or has a link on its way. */
    public void requireOrdinary(String tenant, String path) {
        FilePath named = FilePath.directory(path);
        workspaces.read(tenant, workspace -> {
            workspace.requireOrdinary(named);
            return named;
        });
    }
}

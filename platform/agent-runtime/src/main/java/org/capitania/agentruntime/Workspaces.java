package org.capitania.agentruntime;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.agentruntime.workspace.WorkspaceException;
import org.capitania.agentruntime.workspace.WorkspaceFiles;
import org.capitania.agentruntime.workspace.WorkspaceParser;
import org.capitania.agentruntime.workspace.WorkspaceProblem;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Tenants;

/**
 * The workspace of each tenant: the files that were built in, those of a folder that replace them, and before both those of the tenant's own
 * folder in it. A mistake at the start ends it; later changes are taken up while the agent runs, and the last good workspace stays until
 * there is another. A session that has begun keeps the prompt it began with.
 */
@Startup
@ApplicationScoped
public class Workspaces {
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int DEEPEST = 6;

    private final String role;
    private final WorkspaceFiles builtIn;
    private final Optional<Path> folder;
    private final List<String> tenants;
    private final Map<String, Workspace> current = new ConcurrentHashMap<>();
    private final Map<String, List<WorkspaceProblem>> problems = new ConcurrentHashMap<>();
    private String read;
    private String seen;

    @Inject
    Workspaces(AgentConfig config, Tenants tenants) {
        this(
                config.role(),
                WorkspaceFiles.onClassPath(Thread.currentThread().getContextClassLoader()),
                config.workspace(),
                tenants.ids());
    }

    Workspaces(String role, WorkspaceFiles builtIn, Optional<Path> folder, List<String> tenants) {
        this.role = role;
        this.builtIn = builtIn;
        this.folder = folder;
        this.tenants = tenants;
        this.read = stamp();
        this.seen = read;
        tenants.forEach(tenant -> current.put(tenant, parse(tenant)));
    }

    void start(@Observes StartupEvent event, Loops loops) {
        if (folder.isPresent()) {
            loops.every("workspaces", LOOK, this::look);
        }
    }

    /** The workspace that counts for a tenant now. */
    public Workspace of(String tenant) {
        Workspace workspace = current.get(tenant);
        if (workspace == null) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "this agent does not work for a tenant " + tenant);
        }
        return workspace;
    }

    /** What keeps a tenant's files, as they are now, from being used; empty when they are. */
    List<WorkspaceProblem> problems(String tenant) {
        return problems.getOrDefault(tenant, List.of());
    }

    /** Takes up what has changed, once it has held still from one look to the next: somebody may be in the midst of writing. */
    void look() {
        String now = stamp();
        boolean still = now.equals(seen);
        seen = now;
        if (still && !now.equals(read)) {
            read = now;
            tenants.forEach(this::reload);
        }
    }

    private void reload(String tenant) {
        Workspace before = of(tenant);
        try {
            Workspace fresh = parse(tenant);
            current.put(tenant, fresh);
            problems.remove(tenant);
            if (!fresh.version().equals(before.version())) {
                Log.infof("workspace changed tenant=%s agent=%s version=%s", tenant, role, fresh.version());
            }
        } catch (WorkspaceException e) {
            problems.put(tenant, e.problems());
            Log.errorf(
                    "changed workspace is not used tenant=%s agent=%s version=%s stays: %s",
                    tenant, role, before.version(), e.getMessage());
        }
    }

    private Workspace parse(String tenant) {
        WorkspaceFiles files = folder.map(
                        root -> WorkspaceFiles.inFolder(root.resolve(tenant), WorkspaceFiles.inFolder(root, builtIn)))
                .orElse(builtIn);
        return WorkspaceParser.parse(role, files);
    }

    /** The same as long as no file in the folder has changed. Links are followed: a mounted folder may consist of them. */
    private String stamp() {
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
            return "";
        }
        try (Stream<Path> files = Files.walk(folder.get(), DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> file.toString().endsWith(".md") && Files.isRegularFile(file))
                    .sorted()
                    .map(Workspaces::stamp)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String stamp(Path file) {
        try {
            return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            // It went away between the list and the look; the next look has the list without it.
            return file + " gone";
        }
    }
}

package org.capitania.registry.files;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * {@code MEMORY.md} of an agent: a cache of what it remembers, made from the graph, into which it may write lines of its own (sections 13.0
 * and 13.5 of the seeds). A line is its own when it did not stand there when the file was made last.
 */
@ApplicationScoped
public class MemoryFiles {
    /** No more of it is read, in characters (section 13.0 of the seeds: 25 KB); what is written is held to what a session begins with. */
    private static final int MOST_READ = 25 * 1024;

    private final Sql sql;
    private final FileBook book;
    private final Workspaces workspaces;

    MemoryFiles(Sql sql, FileBook book, Workspaces workspaces) {
        this.sql = sql;
        this.book = book;
        this.workspaces = workspaces;
    }

    /**
     * The file as it was read.
     *
     * @param own its lines that are news
     * @param tainted whether they derive from outside, or somebody else than the gateway wrote them
     * @param sha256 of all of it; null when there is none
     */
    public record MemoryFile(
            List<String> own,
            boolean tainted,
            String text,
            @Nullable String sha256) {}

    public static String path(String role) {
        return "agents/" + role + "/MEMORY.md";
    }

    /** The file of a role; empty when what stands there is no ordinary file, which is left alone. */
    public Optional<MemoryFile> read(Scope scope, String role) {
        FilePath path = FilePath.of(path(role));
        Optional<FileContent> content;
        try {
            content = workspaces.read(scope.tenant(), workspace -> workspace.read(path));
        } catch (CapitaniaException e) {
            if (e.code().type().retryable()) {
                throw e;
            }
            Log.warnf("an agent's MEMORY.md is left alone tenant=%s path=%s why=%s", scope.tenant(), path, e.detail());
            return Optional.empty();
        }
        String text = content.flatMap(FileContent::text).orElse("");
        String read = text.length() > MOST_READ ? text.substring(0, MOST_READ) : text;
        return Optional.of(sql.read(scope, tx -> {
            Set<String> known = known(tx, role);
            List<String> own = read.lines()
                    .filter(line -> !line.isBlank() && !known.contains(line.strip()))
                    .toList();
            boolean trusted = content.map(found -> book.trusts(tx, path, found)).orElse(true);
            return new MemoryFile(
                    own, !trusted, read, content.map(FileContent::sha256).orElse(null));
        }));
    }

    /** What has to be done about it before a session begins. */
    public enum State {
        STANDS,
        GONE,
        /** It was made longer ago than was asked. */
        OLD
    }

    /** How it stands. */
    public State state(Scope scope, String role, Duration after) {
        Optional<MemoryFile> file = read(scope, role);
        if (file.isEmpty() || file.get().sha256() == null) {
            return file.isPresent() ? State.GONE : State.STANDS;
        }
        boolean old = sql.read(
                scope,
                tx -> tx.one(
                                "SELECT 1 FROM memory_files WHERE role = $1 AND made_at < clock_timestamp() - $2::bigint * interval '1 millisecond'",
                                role,
                                after.toMillis())
                        .isPresent());
        return old ? State.OLD : State.STANDS;
    }

    /**
     * Puts a text in the place of what was read, at once and on the disk; false when something else stands there by now. What was read counts as
     * known from here on: whoever calls this has taken its lines over.
     */
    public boolean put(Scope scope, String role, MemoryFile read, String text) {
        FilePath path = FilePath.of(path(role));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String sha256 = FileContent.sha256(bytes);
        sql.run(scope, tx -> tx.execute("""
                        INSERT INTO memory_files (role, known) VALUES ($1, $2)
                        ON CONFLICT (tenant_id, role) DO UPDATE SET known = excluded.known, made_at = clock_timestamp()
                        """, role, read.text() + "\n" + text));
        boolean stands = sha256.equals(read.sha256())
                || workspaces.write(scope.tenant(), workspace -> workspace.replace(path, read.sha256(), bytes));
        if (stands) {
            sql.run(scope, tx -> book.note(tx, path.toString(), sha256, false, "memory:" + sha256));
        }
        return stands;
    }

    private static Set<String> known(Tx tx, String role) {
        return tx.one("SELECT known FROM memory_files WHERE role = $1", role).stream()
                .flatMap(row -> row.getString("known").lines())
                .map(String::strip)
                .collect(Collectors.toSet());
    }
}

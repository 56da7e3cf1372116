package org.capitania.registry.files;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Files that are made from the graph. One is written only where nothing has ever stood, or in the place of what was made before; what somebody
 * else wrote, changed or took away stays as it is.
 */
@ApplicationScoped
public class GeneratedFiles {
    private final Sql sql;
    private final FileBook book;
    private final Workspaces workspaces;

    GeneratedFiles(Sql sql, FileBook book, Workspaces workspaces) {
        this.sql = sql;
        this.book = book;
        this.workspaces = workspaces;
    }

    /** @param before what stood there; null for nothing */
    private record Made(String sha256, @Nullable String before, boolean done) {
        boolean mine(@Nullable String now) {
            return sha256.equals(now) || (!done && Objects.equals(before, now));
        }
    }

    /** Puts a text there; false when nothing is to be written: it stands there, or the file is somebody else's by now. */
    public boolean put(Scope scope, String name, String text, boolean tainted) {
        FilePath path = FilePath.of(name);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String sha256 = FileContent.sha256(bytes);
        Optional<Made> made = sql.tx(scope, tx -> find(tx, name));
        if (made.filter(last -> last.done() && last.sha256().equals(sha256)).isPresent()) {
            return false;
        }
        String now = workspaces
                .read(scope.tenant(), workspace -> workspace.read(path))
                .map(FileContent::sha256)
                .orElse(null);
        if (!made.map(last -> last.mine(now)).orElse(now == null)) {
            return false;
        }
        sql.run(scope, tx -> intend(tx, name, sha256, now));
        if (!workspaces.write(scope.tenant(), workspace -> workspace.replace(path, now, bytes))) {
            return false;
        }
        sql.run(scope, tx -> {
            tx.execute(
                    "UPDATE generated_files SET done = true, made_at = clock_timestamp() WHERE path = $1 AND sha256 = $2",
                    name,
                    sha256);
            book.note(tx, name, sha256, tainted, "generated:" + sha256);
        });
        return true;
    }

    private static Optional<Made> find(Tx tx, String name) {
        return tx.one("SELECT sha256, before_sha256, done FROM generated_files WHERE path = $1", name)
                .map(row -> new Made(row.getString("sha256"), row.getString("before_sha256"), row.getBoolean("done")));
    }

    /** Written down first, so that what a crash leaves behind is still known as ours. */
    private static void intend(Tx tx, String name, String sha256, @Nullable String now) {
        tx.execute("""
                INSERT INTO generated_files (path, sha256, before_sha256, done) VALUES ($1, $2, $3, false)
                ON CONFLICT (tenant_id, path) DO UPDATE
                   SET sha256 = excluded.sha256, before_sha256 = excluded.before_sha256, done = false
                """, name, sha256, now);
    }
}

package org.capitania.registry.files;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.capitania.servicekit.Tx;

/** The table {@code files}: what the gateway last wrote to each path, and whether it derives from something untrusted. */
@ApplicationScoped
class FileBook {

    /** The last change of a file that is known here. */
    record Known(String sha256, boolean tainted) {}

    Optional<Known> find(Tx tx, FilePath path) {
        return tx.one("SELECT sha256, tainted FROM files WHERE path = $1", path.toString())
                .map(row -> new Known(row.getString("sha256"), row.getBoolean("tainted")));
    }

    /** What was written by the gateway in good faith is trusted; what somebody else put there, or changed, is not. */
    boolean trusts(Tx tx, FilePath path, FileContent content) {
        return find(tx, path)
                .filter(known -> !known.tainted() && known.sha256().equals(content.sha256()))
                .isPresent();
    }

    /** Those of these paths whose names the gateway did not write in good faith. */
    List<FilePath> strange(Tx tx, List<FilePath> paths) {
        Set<String> known = new HashSet<>();
        tx.query("SELECT path FROM files WHERE path = ANY ($1) AND NOT tainted", (Object)
                        paths.stream().map(FilePath::toString).toArray(String[]::new))
                .forEach(row -> known.add(row.getString("path")));
        return paths.stream().filter(path -> !known.contains(path.toString())).toList();
    }

    void note(Tx tx, String path, String sha256, boolean tainted, String effectId) {
        tx.execute("""
                INSERT INTO files (path, sha256, tainted, written_by, effect_id) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (tenant_id, path) DO UPDATE
                   SET sha256 = excluded.sha256, tainted = excluded.tainted, written_by = excluded.written_by,
                       effect_id = excluded.effect_id, written_at = clock_timestamp()
                """, path, sha256, tainted, tx.scope().actor(), effectId);
    }
}

package org.capitania.ingest.intake;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** Content by its hash, in chunks of at most 1 MiB, so that no blob is ever whole in memory. */
@ApplicationScoped
class BlobStore {
    private static final int CHUNK = 1024 * 1024;

    private final Sql sql;

    BlobStore(Sql sql) {
        this.sql = sql;
    }

    /** A blob that is there. */
    record Blob(String sha256, long size, int chunks) {}

    /** Keeps a file; one that is kept already is left as it is. */
    void keep(Tx tx, Path file, String sha256, long size) {
        int chunks = (int) ((size + CHUNK - 1) / CHUNK);
        int inserted = tx.execute(
                "INSERT INTO blobs (sha256, size, chunks) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, sha256) DO NOTHING",
                sha256,
                size,
                chunks);
        if (inserted == 0) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            for (int seq = 0; seq < chunks; seq++) {
                tx.execute(
                        "INSERT INTO blob_chunks (sha256, seq, bytes) VALUES ($1, $2, $3)",
                        sha256,
                        seq,
                        Buffer.buffer(in.readNBytes(CHUNK)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Blob> find(Scope scope, String sha256) {
        return sql.tx(
                scope,
                tx -> tx.one("SELECT size, chunks FROM blobs WHERE sha256 = $1", sha256)
                        .map(row -> new Blob(sha256, row.getLong("size"), row.getInteger("chunks"))));
    }

    /** Writes it out chunk by chunk; no transaction is open while the reader is slow. */
    void write(Scope scope, Blob blob, OutputStream out) throws IOException {
        for (int seq = 0; seq < blob.chunks(); seq++) {
            int wanted = seq;
            Row row = sql.tx(
                            scope,
                            tx -> tx.one(
                                    "SELECT bytes FROM blob_chunks WHERE sha256 = $1 AND seq = $2",
                                    blob.sha256(),
                                    wanted))
                    .orElseThrow(() -> new IllegalStateException("a chunk is missing of blob " + blob.sha256()));
            out.write(row.getBuffer("bytes").getBytes());
        }
    }
}

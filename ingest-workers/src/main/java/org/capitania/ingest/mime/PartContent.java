package org.capitania.ingest.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A part that was read to its end without being held.
 *
 * @param head its first bytes, as many as were asked for
 * @param sha256 empty when it was not asked for
 * @param cut whether it is longer than the head
 * @param broken whether its encoding ended in an error; what came before is kept
 */
record PartContent(byte[] head, long size, String sha256, boolean cut, boolean broken) {

    static PartContent read(InputStream in, int keep, boolean digest) {
        ByteArrayOutputStream head = new ByteArrayOutputStream(Math.min(keep, 8192));
        Sha256 sha256 = new Sha256();
        byte[] buffer = new byte[8192];
        long size = 0;
        boolean broken = false;
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (digest) {
                    sha256.update(buffer, 0, n);
                }
                int room = keep - head.size();
                if (room > 0) {
                    head.write(buffer, 0, Math.min(room, n));
                }
            }
        } catch (IOException e) {
            // Only the decoders of mime4j throw this; a failing disk is an UncheckedIOException (DiskStream).
            broken = true;
        }
        String hash = digest ? sha256.hex() : "";
        return new PartContent(head.toByteArray(), size, hash, size > head.size(), broken);
    }
}

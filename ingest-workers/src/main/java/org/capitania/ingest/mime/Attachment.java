package org.capitania.ingest.mime;

import org.jspecify.annotations.Nullable;

/**
 * A part of a mail that is not its text; the bytes stay in the mail's blob.
 *
 * @param name the file name without any path, or a name made from the kind of part
 * @param contentType lower case, without parameters
 * @param size bytes after transfer decoding
 * @param sha256 of those bytes
 * @param inline whether the sender meant it to be shown within the text
 */
public record Attachment(
        String name,
        String contentType,
        long size,
        String sha256,
        boolean inline,
        @Nullable String contentId) {}

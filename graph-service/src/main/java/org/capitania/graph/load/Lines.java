package org.capitania.graph.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, counted from 1, with the SHA-256 of all that have been read. Not for more than one thread. */
final class Lines {
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private final MessageDigest digest;
    private int position;
    private int limit;
    private long number;

    Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A line that was longer than allowed; it has been read to its end, and not kept. */
    static final class TooLong extends RuntimeException {
        private TooLong(long number) {
            super("line " + number);
        }
    }

    /** The number of the line that was read last. */
    long number() {
        return number;
    }

    /** Of all lines read so far. */
    String digest() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    /** The next line without its end; null at the end of the stream. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        boolean begun = false;
        boolean tooLong = false;
        while (filled()) {
            begun = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            boolean ended = end < limit;
            int next = ended ? end + 1 : end;
            digest.update(buffer, position, next - position);
            tooLong |= line.size() + (end - position) > longest;
            if (!tooLong) {
                line.write(buffer, position, end - position);
            }
            position = next;
            if (ended) {
                break;
            }
        }
        if (!begun) {
            return null;
        }
        number++;
        if (tooLong) {
            throw new TooLong(number);
        }
        return line.toByteArray();
    }

    /** Reads so many lines and keeps nothing of them; false when there are fewer. */
    boolean skip(long lines) throws IOException {
        long until = number + lines;
        while (number < until) {
            if (!filled()) {
                return false;
            }
            int end = position;
            while (end < limit && number < until) {
                if (buffer[end++] == '\n') {
                    number++;
                }
            }
            digest.update(buffer, position, end - position);
            position = end;
            if (number < until && !filled()) {
                // The last line of a file may lack its end.
                boolean unended = buffer[end - 1] != '\n';
                number += unended ? 1 : 0;
                return number >= until;
            }
        }
        return true;
    }

    /** Whether nothing is left. */
    boolean ended() throws IOException {
        return !filled();
    }

    /** Reads what is left and forgets it: a caller that is still sending hears no answer. */
    void drain() throws IOException {
        while (filled()) {
            position = limit;
        }
    }

    private boolean filled() throws IOException {
        while (position == limit) {
            int read = in.read(buffer, 0, buffer.length);
            if (read < 0) {
                return false;
            }
            position = 0;
            limit = read;
        }
        return true;
    }
}

package org.capitania.embedded.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A directory of sent messages, one {@code .eml} each, named after their Message-ID. */
public final class SentMail {
    private static final Pattern MESSAGE_ID = Pattern.compile(
            "^message-id:[ \\t\\r\\n]*<?([^>\\r\\n]+?)>?[ \\t]*\\r?$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final int HEADER_BYTES = 256 * 1024;
    private static final int LONGEST_NAME = 180;

    private final Path directory;
    private final Lock naming = new ReentrantLock();

    SentMail(Path directory) {
        this.directory = directory;
    }

    /** A message over {@link SmtpSink#MAX_BYTES}. */
    static final class TooLarge extends IOException {
        TooLarge() {
            super("message is larger than " + SmtpSink.MAX_BYTES + " bytes");
        }
    }

    /**
     * The name, without {@code .eml}, under which a message with this Message-ID is kept; a second one ends in {@code
     * -2}. Angle brackets are dropped; what is not a letter, digit or one of {@code .@_+=-} becomes {@code _}.
     */
    public static String fileStem(String messageId) {
        String stem = messageId.strip().replaceAll("^<|>$", "").replaceAll("[^A-Za-z0-9.@_+=-]", "_");
        stem = stem.startsWith(".") ? "_" + stem.substring(1) : stem;
        return stem.length() > LONGEST_NAME ? stem.substring(0, LONGEST_NAME) : stem;
    }

    /** Stores a message durably and returns its file's name; whoever reads the directory never sees half a message. */
    String keep(InputStream data) throws IOException {
        Path part = directory.resolve("." + UUID.randomUUID() + ".part");
        try {
            String header = spool(data, part);
            Matcher id = MESSAGE_ID.matcher(header);
            String stem = fileStem(id.find() ? id.group(1) : "no-message-id-" + UUID.randomUUID());
            naming.lock();
            try {
                Path target = directory.resolve(stem + ".eml");
                for (int copy = 2; Files.exists(target); copy++) {
                    target = directory.resolve(stem + "-" + copy + ".eml");
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                syncDirectory();
                return target.getFileName().toString();
            } finally {
                naming.unlock();
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Writes the message to a file, to the disk itself, and returns its header. */
    private static String spool(InputStream data, Path file) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[64 * 1024];
            long total = 0;
            boolean tooLarge = false;
            for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
                total += n;
                // The rest is read all the same: the sender listens for an answer only after its last line.
                tooLarge = total > SmtpSink.MAX_BYTES;
                if (tooLarge) {
                    continue;
                }
                header.write(buffer, 0, Math.max(0, Math.min(n, HEADER_BYTES - header.size())));
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            if (tooLarge) {
                throw new TooLarge();
            }
            out.force(true);
        }
        String text = header.toString(StandardCharsets.ISO_8859_1);
        int crlf = text.indexOf("\r\n\r\n");
        int lf = text.indexOf("\n\n");
        int end = crlf < 0 ? lf : crlf;
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

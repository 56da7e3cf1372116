package org.capitania.ingest.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Finds where a mail begins in a file, or says what the file is instead. */
final class MailStart {
    private static final int LOOK = 8 * 1024;
    private static final Map<String, String> MAGIC = Map.ofEntries(
            Map.entry("%PDF-", "a PDF document"),
            Map.entry("PK\u0003\u0004", "a ZIP archive or an Office document"),
            Map.entry("\u00d0\u00cf\u0011\u00e0", "an Outlook .msg or an old Office file; save the mail as .eml"),
            Map.entry("\u0089PNG", "a PNG image"),
            Map.entry("\u00ff\u00d8\u00ff", "a JPEG image"),
            Map.entry("GIF8", "a GIF image"),
            Map.entry("\u001f\u008b", "a gzip archive; unpack it first"),
            Map.entry("\u007fELF", "a program"),
            Map.entry("MZ", "a program"),
            Map.entry("Rar!", "a RAR archive"),
            Map.entry("7z\u00bc\u00af", "a 7z archive"),
            Map.entry("x\u009f>\"", "a winmail.dat without its mail"));

    private MailStart() {}

    sealed interface Start {
        /**
         * @param stream at the first header line, whatever stood before it skipped
         * @param binary whether the beginning has bytes that text has not
         */
        record At(InputStream stream, boolean binary) implements Start {}

        record Other(String found) implements Start {}
    }

    static Start find(InputStream file) throws IOException {
        PushbackInputStream in = new PushbackInputStream(file, LOOK);
        byte[] head = in.readNBytes(LOOK);
        if (head.length == 0) {
            return new Start.Other("an empty file");
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> magic : MAGIC.entrySet()) {
            if (text.startsWith(magic.getKey())) {
                return new Start.Other(magic.getValue());
            }
        }
        int from = text.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0;
        while (from < head.length
                && (head[from] == '\n' || head[from] == '\r' || head[from] == ' ' || head[from] == '\t')) {
            from++;
        }
        if (from == head.length) {
            return new Start.Other("nothing but white space");
        }
        if (text.startsWith("From ", from) || text.startsWith(">From ", from)) {
            // The separator line of an mbox file.
            int end = text.indexOf('\n', from);
            from = end < 0 ? from : end + 1;
        }
        String lower = text.substring(from, Math.min(from + 200, text.length())).toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            return new Start.Other("a web page");
        }
        if (lower.startsWith("{") || lower.startsWith("[") || lower.startsWith("<?xml")) {
            return new Start.Other("a data file (JSON or XML)");
        }
        in.unread(head, from, head.length - from);
        boolean onlyCarriageReturns = text.indexOf('\n') < 0 && text.indexOf('\r') >= 0;
        return new Start.At(onlyCarriageReturns ? new LineFeeds(in) : in, binary(head));
    }

    private static boolean binary(byte[] head) {
        int control = 0;
        for (byte b : head) {
            control += b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1b ? 1 : 0;
        }
        return control * 20 > head.length;
    }

    /** Reads the lone carriage returns of old mailers as line feeds. */
    private static final class LineFeeds extends InputStream {
        private final InputStream in;

        LineFeeds(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            return b == '\r' ? '\n' : b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            for (int i = offset; i < offset + n; i++) {
                if (buffer[i] == '\r') {
                    buffer[i] = '\n';
                }
            }
            return n;
        }
    }
}

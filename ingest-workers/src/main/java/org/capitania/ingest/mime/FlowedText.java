package org.capitania.ingest.mime;

/** Joins the soft line breaks of {@code format=flowed} (RFC 3676). */
final class FlowedText {
    private FlowedText() {}

    static String unflow(String text, boolean deleteSpace) {
        StringBuilder out = new StringBuilder(text.length());
        int openDepth = -1;
        for (String raw : text.split("\r?\n", -1)) {
            int depth = 0;
            while (depth < raw.length() && raw.charAt(depth) == '>') {
                depth++;
            }
            String line = raw.substring(depth);
            if (line.startsWith(" ")) {
                line = line.substring(1);
            }
            boolean signature = line.equals("-- ");
            if (openDepth != depth || signature) {
                if (!out.isEmpty()) {
                    out.append(openDepth >= 0 || out.charAt(out.length() - 1) != '\n' ? "\n" : "");
                }
                out.append(">".repeat(depth)).append(depth > 0 ? " " : "");
            }
            boolean soft = line.endsWith(" ") && !signature;
            out.append(soft && deleteSpace ? line.substring(0, line.length() - 1) : line);
            openDepth = soft ? depth : -1;
            if (!soft) {
                out.append('\n');
            }
        }
        return out.toString();
    }
}

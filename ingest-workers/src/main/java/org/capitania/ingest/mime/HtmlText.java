package org.capitania.ingest.mime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.owasp.html.HtmlSanitizer;

/**
 * Turns HTML into the text a reader would see: blocks on lines of their own, links with their address, quotes with {@code >};
 * scripts, styles and what is hidden from the reader are left out.
 */
final class HtmlText implements HtmlSanitizer.Policy {
    private static final Set<String> SKIPPED = Set.of(
            "script",
            "style",
            "head",
            "title",
            "template",
            "noscript",
            "object",
            "embed",
            "iframe",
            "svg",
            "math",
            "select",
            "option",
            "textarea",
            "audio",
            "video",
            "canvas",
            "xml");
    private static final Set<String> VOID = Set.of(
            "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr",
            "param");
    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "section",
            "article",
            "header",
            "footer",
            "main",
            "aside",
            "nav",
            "address",
            "table",
            "tr",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "li",
            "blockquote",
            "pre",
            "form",
            "fieldset",
            "center",
            "figure",
            "figcaption",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6");
    private static final Set<String> PARAGRAPHS =
            Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "table");
    private static final Pattern HIDDEN = Pattern.compile(
            "display\\s*:\\s*none|visibility\\s*:\\s*hidden|mso-hide\\s*:\\s*all|font-size\\s*:\\s*0(?![.\\d])|opacity\\s*:\\s*0(?![.\\d])|max-height\\s*:\\s*0(?![.\\d])",
            Pattern.CASE_INSENSITIVE);

    private record Open(
            String name, boolean hides, @Nullable String href, int start, int item) {}

    private final Deque<Open> open = new ArrayDeque<>();
    private final StringBuilder out;
    private int hidden;
    private int pre;
    private int quotes;
    private boolean space;
    private int newlines = 2;
    private boolean dropped;

    private HtmlText(int size) {
        out = new StringBuilder(size);
    }

    /** @param dropped whether text was left out because the reader would not see it */
    record Result(String text, boolean dropped) {}

    static Result of(String html) {
        HtmlText text = new HtmlText(html.length() / 2);
        HtmlSanitizer.sanitize(html, text);
        return new Result(text.out.toString(), text.dropped);
    }

    @Override
    public void openDocument() {
        // Nothing to prepare: one instance reads one document.
    }

    @Override
    public void closeDocument() {
        while (!open.isEmpty()) {
            close(open.pop());
        }
    }

    @Override
    public void openTag(String elementName, List<String> attributes) {
        String name = elementName.toLowerCase(Locale.ROOT);
        if (name.equals("br")) {
            line(1, true);
        } else if (name.equals("hr")) {
            line(1, false);
            raw("---");
            line(1, false);
        } else if (name.equals("img")) {
            String alt = attribute(attributes, "alt");
            if (alt != null && !alt.isBlank() && hidden == 0) {
                text("[" + alt.strip() + "]");
            }
        }
        if (VOID.contains(name)) {
            return;
        }
        boolean hides = SKIPPED.contains(name) || isHidden(attributes);
        if (hides) {
            hidden++;
        }
        start(name);
        open.push(new Open(name, hides, name.equals("a") ? attribute(attributes, "href") : null, out.length(), 0));
    }

    private void start(String name) {
        if (BLOCKS.contains(name)) {
            line(PARAGRAPHS.contains(name) && !inList() ? 2 : 1, false);
        }
        switch (name) {
            case "blockquote" -> quotes++;
            case "pre" -> pre++;
            case "li" -> raw(bullet());
            case "td", "th" -> cell();
            default -> {}
        }
    }

    private void cell() {
        if (hidden == 0 && newlines == 0) {
            space = false;
            out.append("  ");
        }
    }

    private boolean inList() {
        return open.stream().limit(20).anyMatch(o -> o.name().equals("li"));
    }

    private String bullet() {
        Open list = open.stream()
                .limit(20)
                .filter(o -> o.name().equals("ol") || o.name().equals("ul"))
                .findFirst()
                .orElse(null);
        if (list == null || list.name().equals("ul")) {
            return "- ";
        }
        // The balancer puts items directly below their list.
        Open top = open.peek();
        if (top != null && top.name().equals("ol")) {
            open.pop();
            open.push(new Open(top.name(), top.hides(), top.href(), top.start(), top.item() + 1));
            return (top.item() + 1) + ". ";
        }
        return "- ";
    }

    @Override
    public void closeTag(String elementName) {
        String name = elementName.toLowerCase(Locale.ROOT);
        if (VOID.contains(name)
                || open.stream().limit(300).noneMatch(o -> o.name().equals(name))) {
            return;
        }
        Open top;
        do {
            top = open.pop();
            close(top);
        } while (!top.name().equals(name) && !open.isEmpty());
    }

    private void close(Open element) {
        if (element.href() != null && hidden == 0) {
            link(element.href(), element.start());
        }
        if (element.hides()) {
            hidden--;
        }
        if (element.name().equals("blockquote")) {
            quotes--;
        } else if (element.name().equals("pre")) {
            pre--;
        }
        if (BLOCKS.contains(element.name())) {
            line(PARAGRAPHS.contains(element.name()) && !inList() ? 2 : 1, false);
        }
    }

    /** Shows where a link leads unless its text says so already. */
    private void link(String href, int start) {
        String target = href.strip();
        String lower = target.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("http://") && !lower.startsWith("https://") && !lower.startsWith("mailto:")) {
            return;
        }
        String shown = out.substring(Math.min(start, out.length())).strip();
        String plain = target.replaceFirst("(?i)^(mailto:|https?://)", "").replaceFirst("/$", "");
        if (!shown.isEmpty() && !shown.contains(plain)) {
            space = false;
            out.append(" <").append(target.replaceAll("[\\s<>]", "")).append('>');
            newlines = 0;
        }
    }

    @Override
    public void text(String chunk) {
        if (hidden > 0) {
            dropped |= !chunk.isBlank() && open.stream().noneMatch(o -> SKIPPED.contains(o.name()));
            return;
        }
        if (pre > 0) {
            for (String part : chunk.split("(?<=\n)")) {
                if (part.endsWith("\n")) {
                    raw(part.replaceAll("[\r\n]+$", ""));
                    line(1, true);
                } else {
                    raw(part);
                }
            }
            return;
        }
        for (int i = 0; i < chunk.length(); i++) {
            char c = chunk.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
                space = true;
            } else {
                if (space && newlines == 0) {
                    out.append(' ');
                }
                prefix();
                space = false;
                out.append(c == '\u00a0' ? ' ' : c);
                newlines = 0;
            }
        }
    }

    private void raw(String text) {
        if (hidden == 0 && !text.isEmpty()) {
            prefix();
            out.append(text);
            space = false;
            newlines = text.isBlank() || text.endsWith(" ") ? -1 : 0;
        }
    }

    private void prefix() {
        if (newlines > 0 && quotes > 0) {
            out.append(">".repeat(Math.min(quotes, 20))).append(' ');
        }
    }

    private void line(int wanted, boolean always) {
        space = false;
        if (hidden > 0 || (newlines < 0 && !always)) {
            return;
        }
        int count = always ? Math.min(newlines + 1, 3) : Math.max(wanted, newlines);
        while (newlines < count) {
            if (newlines > 0 && quotes > 0) {
                out.append(">".repeat(Math.min(quotes, 20)));
            }
            out.append('\n');
            newlines = Math.max(newlines, 0) + 1;
        }
    }

    private static boolean isHidden(List<String> attributes) {
        String style = attribute(attributes, "style");
        return has(attributes, "hidden")
                || (style != null && HIDDEN.matcher(style).find());
    }

    private static boolean has(List<String> attributes, String name) {
        return attribute(attributes, name) != null;
    }

    private static @Nullable String attribute(List<String> attributes, String name) {
        String value = null;
        boolean isName = true;
        boolean match = false;
        for (String s : attributes) {
            if (isName) {
                match = value == null && s.equals(name);
            } else if (match) {
                value = s;
            }
            isName = !isName;
        }
        return value;
    }
}

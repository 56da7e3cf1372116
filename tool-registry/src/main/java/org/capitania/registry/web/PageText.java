package org.capitania.registry.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * What a person would read on a page: no scripts, no styles, nothing that is hidden.
 *
 * @param title empty where there is none
 */
record PageText(String title, String text) {
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([A-Za-z0-9_.:-]+)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> PLAIN = Set.of(
            "text/plain",
            "text/markdown",
            "text/csv",
            "application/json",
            "application/xml",
            "text/xml",
            "application/rss+xml",
            "application/atom+xml",
            "application/ld+json");
    private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");
    private static final String UNSEEN =
            "script,style,noscript,template,svg,iframe,object,head,[hidden],[aria-hidden=true],"
                    + "[style*=display:none],[style*=display: none],[style*=visibility:hidden],[style*=visibility: hidden]";

    /** The most of a page that is made a tree of: each element takes a hundred times its own length, and whoever wrote it chose how many there are. */
    static final int LARGEST_PAGE = 256 * 1024;

    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);

    /** Of a body of this content type; what is neither a page nor text is refused. */
    static PageText of(@Nullable String contentType, byte[] body, String address) {
        String whole = contentType == null ? "text/plain" : contentType;
        String type = whole.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (PLAIN.contains(type)) {
            return new PageText("", new String(body, charset(whole)));
        }
        if (!HTML.contains(type)) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "it is no page but " + type)
                    .withHint("web_fetch reads pages and plain texts");
        }
        return html(body, CHARSET.matcher(whole).find() ? charset(whole).name() : null, address);
    }

    private static PageText html(byte[] body, @Nullable String charset, String address) {
        ONE_AT_A_TIME.acquireUninterruptibly();
        try {
            return tree(new ByteArrayInputStream(body, 0, Math.min(body.length, LARGEST_PAGE)), charset, address);
        } finally {
            ONE_AT_A_TIME.release();
        }
    }

    private static PageText tree(ByteArrayInputStream body, @Nullable String charset, String address) {
        Document page;
        try {
            page = Jsoup.parse(body, charset, address);
        } catch (IOException e) {
            throw new UncheckedIOException("a page in memory could not be read", e);
        }
        String title = page.title();
        page.select(UNSEEN).remove();
        StringBuilder text = new StringBuilder();
        NodeVisitor writer = new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    append(text, words.text());
                } else if (node instanceof Element element
                        && (element.isBlock() || element.normalName().equals("br"))) {
                    newLine(text);
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (node instanceof Element element && element.normalName().equals("a")) {
                    String to = element.absUrl("href");
                    if (to.startsWith("http") && !element.text().isBlank()) {
                        text.append(" (").append(to).append(')');
                    }
                } else if (node instanceof Element element && element.isBlock()) {
                    newLine(text);
                }
            }
        };
        page.body().traverse(writer);
        return new PageText(title, text.toString().strip());
    }

    private static void append(StringBuilder text, String words) {
        boolean atStart = text.isEmpty() || text.charAt(text.length() - 1) == '\n';
        text.append(atStart ? words.stripLeading() : words);
    }

    private static void newLine(StringBuilder text) {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
    }

    private static Charset charset(String contentType) {
        Matcher named = CHARSET.matcher(contentType);
        if (!named.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(named.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // A page that names an alphabet nobody knows is read as most are.
            return StandardCharsets.UTF_8;
        }
    }
}

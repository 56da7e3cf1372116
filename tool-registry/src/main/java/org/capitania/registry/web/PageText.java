package org.capitania.registry.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayDeque;
import java.util.Deque;
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
import org.jsoup.select.Evaluator;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.QueryParser;
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
    private static final Evaluator UNSEEN = QueryParser.parse(
            "script,style,noscript,template,svg,iframe,object,head,[hidden],[aria-hidden=true],"
                    + "[style*=display:none],[style*=display: none],[style*=visibility:hidden],[style*=visibility: hidden]");

    /**
     * Elements that a parser opens anew in every block that follows one which did not close them: a hundred of them would make a hundred elements of
     * each later tag. To a reader of the text they are nothing.
     */
    private static final Pattern RENEWED = Pattern.compile(
            "<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\\s/>])", Pattern.CASE_INSENSITIVE);

    /** As far as a page says at the latest which alphabet it is written in. */
    private static final int BEGINNING = 1024;

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
            return tree(body, charset, address);
        } finally {
            ONE_AT_A_TIME.release();
        }
    }

    private static PageText tree(byte[] body, @Nullable String charset, String address) {
        Document page = page(body, charset, address);
        StringBuilder text = new StringBuilder();
        Deque<Integer> links = new ArrayDeque<>();
        // What is not seen is passed by: to take it out would move all that stand behind it, each time.
        page.body().filter(new NodeFilter() {
            @Override
            public FilterResult head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    append(text, words.text());
                } else if (node instanceof Element element) {
                    if (UNSEEN.matches(page, element)) {
                        return FilterResult.SKIP_ENTIRELY;
                    }
                    if (element.isBlock() || element.normalName().equals("br")) {
                        newLine(text);
                    }
                    if (element.normalName().equals("a")) {
                        links.push(text.length());
                    }
                }
                return FilterResult.CONTINUE;
            }

            @Override
            public FilterResult tail(Node node, int depth) {
                if (node instanceof Element element && element.normalName().equals("a")) {
                    boolean said = said(text, links.pop());
                    String to = element.absUrl("href");
                    if (said && to.startsWith("http")) {
                        text.append(" (").append(to).append(')');
                    }
                } else if (node instanceof Element element && element.isBlock()) {
                    newLine(text);
                }
                return FilterResult.CONTINUE;
            }
        });
        return new PageText(page.title(), text.toString().strip());
    }

    /** The page as a tree that has no more elements than the page has tags. */
    static Document page(byte[] body, @Nullable String charset, String address) {
        Charset alphabet;
        try {
            alphabet = Jsoup.parse(
                            new ByteArrayInputStream(body, 0, Math.min(body.length, BEGINNING)), charset, address)
                    .charset();
        } catch (IOException e) {
            throw new UncheckedIOException("a page in memory could not be read", e);
        }
        String markup = new String(body, 0, Math.min(body.length, LARGEST_PAGE), alphabet);
        return Jsoup.parse(
                RENEWED.matcher(markup.startsWith("\uFEFF") ? markup.substring(1) : markup)
                        .replaceAll("<$1span"),
                address);
    }

    private static boolean said(StringBuilder text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                return true;
            }
        }
        return false;
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

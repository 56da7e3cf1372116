package org.capitania.registry.risk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** A text as markdown shows it: a passage a line, a row, an item or a heading, whatever way each was spelled. */
final class MarkdownReading {
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private static final Pattern TAG = Pattern.compile("<!--|-->|<(/?)([a-zA-Z][\\w-]*)[^<>]{0,500}>");
    private static final Set<String> EMPTY = Set.of("br", "hr", "img", "input", "meta", "link", "wbr");
    private static final Pattern SENTENCE = Pattern.compile("(?<=[.!?])\\s+");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final boolean sentences;
    private final List<Passage> passages = new ArrayList<>();
    private final List<String> data = new ArrayList<>();
    private final List<Heading> headings = new ArrayList<>();
    private final List<String> under = new ArrayList<>();
    private final Deque<String> tags = new ArrayDeque<>();

    private MarkdownReading(boolean sentences) {
        this.sentences = sentences;
    }

    /**
     * Reads a text.
     *
     * @param sentences whether prose is cut where a sentence ends, and not where its lines do
     */
    static MarkdownReading of(String text, boolean sentences) {
        MarkdownReading reading = new MarkdownReading(sentences);
        reading.read(text);
        return reading;
    }

    List<Passage> passages() {
        return passages;
    }

    /** What stands between the rulers at the top, and in blocks of code: it may be settings of its own. */
    List<String> data() {
        return data;
    }

    private void read(String text) {
        String[] lines = text.split("\n", -1);
        int body = 0;
        if (lines[0].strip().equals("---")) {
            body = 1;
            while (body < lines.length && !lines[body].strip().equals("---")) {
                add("frontmatter", lines[body++]);
            }
            data.add(String.join("\n", Arrays.copyOfRange(lines, 1, body)));
            body = Math.min(body + 1, lines.length);
        }
        Node document = PARSER.parse(String.join("\n", Arrays.copyOfRange(lines, body, lines.length)));
        for (Node at = document; at != null; at = next(at, take(at), document)) {}
    }

    /** Without recursion: how deep a text nests is its writer's choice. */
    private static @Nullable Node next(Node at, boolean taken, Node root) {
        if (!taken && at.getFirstChild() != null) {
            return at.getFirstChild();
        }
        for (Node n = at; n != root; n = n.getParent()) {
            if (n.getNext() != null) {
                return n.getNext();
            }
        }
        return null;
    }

    /** Whether a block is read as a whole. */
    private boolean take(Node node) {
        switch (node) {
            case Heading heading -> heading(heading);
            case Paragraph paragraph -> prose(paragraph);
            case FencedCodeBlock code -> code(code, code.getLiteral());
            case IndentedCodeBlock code -> code(code, code.getLiteral());
            case HtmlBlock html -> {
                note(html.getLiteral());
                html.getLiteral().lines().forEach(line -> add(kind(html), line));
            }
            case LinkReferenceDefinition link ->
                add(kind(link), link.getLabel() + " " + link.getDestination() + " " + link.getTitle());
            case TableRow row -> row(row);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void heading(Heading heading) {
        String text = "#".repeat(heading.getLevel()) + " " + inline(heading).replace('\n', ' ');
        if (!(heading.getParent() instanceof org.commonmark.node.Document)) {
            add(kind(heading), text);
            return;
        }
        while (!headings.isEmpty() && headings.getLast().getLevel() >= heading.getLevel()) {
            headings.removeLast();
            under.removeLast();
        }
        add(kind(heading), text);
        headings.add(heading);
        under.add(text);
    }

    private void prose(Paragraph paragraph) {
        String text = inline(paragraph);
        Stream<String> parts = sentences ? SENTENCE.splitAsStream(text) : text.lines();
        String kind = kind(paragraph);
        parts.forEach(part -> add(kind, part));
    }

    private void code(Node block, String literal) {
        literal.lines().forEach(line -> add(kind(block), line));
        data.add(literal);
    }

    private void row(TableRow row) {
        List<String> cells = new ArrayList<>();
        for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
            if (cell instanceof TableCell) {
                cells.add(inline(cell));
            }
        }
        add(kind(row), String.join(" | ", cells));
    }

    private void add(String kind, String text) {
        String line = BLANKS.matcher(text).replaceAll(" ").strip();
        if (!line.isEmpty()) {
            passages.add(new Passage(List.copyOf(under), kind, line));
        }
    }

    /** The blocks it stands in, and what was opened around it and not closed. */
    private String kind(Node block) {
        StringBuilder kind = new StringBuilder();
        for (Node n = block; n != null; n = n.getParent()) {
            kind.append(n.getClass().getSimpleName()).append('/');
        }
        tags.descendingIterator().forEachRemaining(kind::append);
        return kind.toString();
    }

    private String inline(Node block) {
        StringBuilder out = new StringBuilder();
        for (Node at = block; at != null; at = next(at, false, block)) {
            switch (at) {
                case Text text -> out.append(text.getLiteral());
                case Code code -> out.append(code.getLiteral());
                case SoftLineBreak end -> out.append('\n');
                case HardLineBreak end -> out.append('\n');
                case HtmlInline html -> {
                    note(html.getLiteral());
                    out.append(html.getLiteral().replace('\n', ' '));
                }
                case Image image -> out.append("![");
                default -> {}
            }
        }
        return out.toString();
    }

    private void note(String html) {
        Matcher tag = TAG.matcher(html);
        while (tag.find()) {
            String name = tag.group(2);
            if (name == null) {
                continue;
            }
            if (tag.group(1).isEmpty()) {
                if (!EMPTY.contains(name.toLowerCase(java.util.Locale.ROOT))
                        && !tag.group().endsWith("/>")) {
                    tags.push(tag.group());
                }
            } else {
                tags.stream()
                        .filter(open -> open.regionMatches(true, 1, name, 0, name.length()))
                        .findFirst()
                        .ifPresent(tags::remove);
            }
        }
    }
}

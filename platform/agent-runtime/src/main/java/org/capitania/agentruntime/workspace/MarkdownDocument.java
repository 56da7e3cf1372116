package org.capitania.agentruntime.workspace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * A markdown file cut into frontmatter and second-level sections, every piece with the line it stands in.
 *
 * @param frontmatter the {@code key: value} lines between the two rulers at the top
 */
record MarkdownDocument(String name, Map<String, Field> frontmatter, Map<String, Section> sections) {
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    /** A value and where it stands. */
    record Field(int line, String value) {}

    /** A row of a table, without the head. */
    record Row(int line, List<String> cells) {
        String cell(int index) {
            return index < cells.size() ? cells.get(index) : "";
        }
    }

    /** A link to another file. */
    record Reference(int line, String target) {}

    /**
     * What stands below one second-level heading.
     *
     * @param raw the lines as they are
     * @param head the column names of its first table
     */
    record Section(
            String title,
            int line,
            String raw,
            List<String> head,
            List<Row> rows,
            List<Field> items,
            List<Reference> references) {
        /** Where a name of its list stands; the heading when it does not. */
        int lineOf(String name) {
            return items.stream()
                    .filter(item -> item.value().split(" ", 2)[0].equals(name))
                    .map(Field::line)
                    .findFirst()
                    .orElse(line);
        }
    }

    static MarkdownDocument parse(String name, String text, Findings findings) {
        String[] lines = text.split("\n", -1);
        int body = 0;
        Map<String, Field> frontmatter = new LinkedHashMap<>();
        if (lines.length > 0 && lines[0].strip().equals("---")) {
            int end = 1;
            while (end < lines.length && !lines[end].strip().equals("---")) {
                readField(name, lines[end], end + 1, frontmatter, findings);
                end++;
            }
            if (end == lines.length) {
                findings.add(name, 1, "frontmatter that never ends", "a line --- after it");
            }
            body = Math.min(end + 1, lines.length);
        } else {
            findings.add(name, 1, "no frontmatter", "--- on the first line, then key: value lines, then ---");
        }
        for (int i = 0; i < body; i++) {
            lines[i] = ""; // blank instead of cut, so that the parser's line numbers stay true
        }
        Node parsed = PARSER.parse(String.join("\n", lines));
        return new MarkdownDocument(name, frontmatter, sections(name, parsed, lines, findings));
    }

    /** Whatever else stands in the file is a mistake: a misspelt heading would otherwise be as good as none. */
    void requireOnly(List<String> fields, List<String> titles, Findings findings) {
        frontmatter.forEach((key, field) -> {
            if (!fields.contains(key)) {
                findings.add(
                        name,
                        field.line(),
                        "\"" + key + "\" in the frontmatter",
                        "one of " + String.join(", ", fields));
            }
        });
        sections.forEach((title, section) -> {
            if (!titles.contains(title)) {
                findings.add(
                        name, section.line(), "a section \"" + title + "\"", "one of " + String.join(", ", titles));
            }
        });
    }

    /** The value of a field of the frontmatter; empty, and a mistake, when there is none. */
    String field(String key, Findings findings) {
        Field field = frontmatter.get(key);
        if (field == null || field.value().isEmpty()) {
            findings.add(name, field == null ? 1 : field.line(), "no " + key + " in the frontmatter", key + ": text");
            return "";
        }
        return field.value();
    }

    /** The section of that title; null, and a mistake, when there is none. */
    @Nullable
    Section section(String title, Findings findings) {
        Section section = sections.get(title);
        if (section == null) {
            findings.add(name, 0, "no section \"" + title + "\"", "a heading ## " + title);
        }
        return section;
    }

    private static void readField(String name, String line, int number, Map<String, Field> into, Findings findings) {
        if (line.isBlank() || line.strip().startsWith("#")) {
            return;
        }
        int colon = line.indexOf(':');
        if (colon < 1) {
            findings.add(name, number, "\"" + line.strip() + "\" in the frontmatter", "key: value");
            return;
        }
        String key = line.substring(0, colon).strip();
        if (into.putIfAbsent(key, new Field(number, line.substring(colon + 1).strip())) != null) {
            findings.add(name, number, key + " a second time", "each key of the frontmatter once");
        }
    }

    private static Map<String, Section> sections(String name, Node document, String[] lines, Findings findings) {
        List<Heading> headings = new ArrayList<>();
        for (Node n = document.getFirstChild(); n != null; n = n.getNext()) {
            if (n instanceof Heading h && h.getLevel() <= 2) {
                headings.add(h);
            }
        }
        Map<String, Section> sections = new LinkedHashMap<>();
        for (int i = 0; i < headings.size(); i++) {
            Heading heading = headings.get(i);
            if (heading.getLevel() == 2) {
                int from = line(heading);
                int to = i + 1 < headings.size() ? line(headings.get(i + 1)) - 1 : lines.length;
                String raw = String.join("\n", List.of(lines).subList(from, to)).strip();
                Section section = collect(text(heading), from, raw, heading);
                if (sections.putIfAbsent(section.title(), section) != null) {
                    findings.add(name, from, "a second section \"" + section.title() + "\"", "each section once");
                }
            }
        }
        return sections;
    }

    private static Section collect(String title, int line, String raw, Heading heading) {
        Section section = new Section(
                title, line, raw, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Collector collector = new Collector(section);
        for (Node n = heading.getNext(); n != null; n = n.getNext()) {
            if (n instanceof Heading h && h.getLevel() <= 2) {
                break;
            }
            n.accept(collector);
        }
        return section;
    }

    static int line(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (!n.getSourceSpans().isEmpty()) {
                return n.getSourceSpans().getFirst().getLineIndex() + 1;
            }
        }
        return 0;
    }

    private static String text(Node node) {
        StringBuilder out = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                out.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
                out.append(code.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak lineBreak) {
                out.append(' ');
            }
        });
        return out.toString().strip();
    }

    private static final class Collector extends AbstractVisitor {
        private final Section section;

        Collector(Section section) {
            this.section = section;
        }

        @Override
        public void visit(ListItem item) {
            Node first = item.getFirstChild();
            if (first instanceof Paragraph) {
                section.items().add(new Field(line(item), text(first)));
            }
            visitChildren(item);
        }

        @Override
        public void visit(Link link) {
            section.references().add(new Reference(line(link), link.getDestination()));
        }

        @Override
        public void visit(org.commonmark.node.CustomBlock block) {
            if (block instanceof TableBlock) {
                visitChildren(block);
            }
        }

        @Override
        public void visit(CustomNode node) {
            if (node instanceof TableRow row) {
                List<String> cells = new ArrayList<>();
                for (Node c = row.getFirstChild(); c != null; c = c.getNext()) {
                    if (c instanceof TableCell) {
                        cells.add(text(c));
                    }
                }
                if (row.getParent() instanceof TableHead) {
                    if (section.head().isEmpty()) {
                        section.head().addAll(cells);
                    }
                } else {
                    section.rows().add(new Row(line(row), cells));
                }
            }
            visitChildren(node);
        }
    }
}

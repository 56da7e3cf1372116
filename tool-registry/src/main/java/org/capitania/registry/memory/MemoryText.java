package org.capitania.registry.memory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.registry.files.OwnNotes;
import org.capitania.registry.memory.TendingPlan.Memory;
import org.jspecify.annotations.Nullable;

/** {@code MEMORY.md} as text: made of what an agent remembers, and read for what it wrote there itself. */
public final class MemoryText {
    private static final int LONGEST = 500;
    private static final int MOST_LINES = 200;
    private static final String NOTE = "Made from the graph each night. What you write here is taken over into it.";
    private static final Pattern BULLET = Pattern.compile("(?:[-*+]|\\d{1,3}[.)])\\s+(.*)");
    private static final Pattern CHECKBOX = Pattern.compile("\\[[ xX]?]\\s+(.*)");
    private static final Pattern KIND =
            Pattern.compile("\\((fact|pattern|preference|anti_pattern|watch_item)\\)\\s+(.*)");
    private static final Pattern SAYS = Pattern.compile(".*\\p{L}.*");

    private MemoryText() {}

    /** One thing that an agent wrote down; what is to be done is watched. */
    record Line(String kind, String body) {}

    /** The file, the worthiest first, as far as it may be long; nothing of it derives from outside. */
    static String of(String role, List<Memory> memories) {
        StringBuilder out = new StringBuilder("# What agent:" + role + " remembers\n\n" + NOTE + "\n\n");
        int room = OwnNotes.MEMORY - size(out.toString());
        for (Memory memory : memories.stream()
                .filter(memory -> !memory.tainted())
                .sorted(TendingPlan.WORTH)
                .toList()) {
            String line = line(memory.kind(), memory.body()) + "\n";
            room -= size(line);
            if (room < 0) {
                break;
            }
            out.append(line);
        }
        return out.toString();
    }

    /** A memory as a line of the file. */
    public static String line(String kind, String body) {
        return "- (" + kind + ") " + body.replaceAll("\\s+", " ").strip();
    }

    /** Whether a line of the file is neither a memory nor anybody's own. */
    public static boolean isFrame(String line) {
        return line.startsWith("# What agent:") || line.equals(NOTE);
    }

    /** What lines say that an agent wrote: each a memory, one that is wrapped as a whole. Headings and rules say nothing. */
    static List<Line> read(List<String> own) {
        List<Line> lines = new ArrayList<>();
        @Nullable StringBuilder open = null;
        for (String raw : own) {
            String line = raw.strip();
            boolean bullet = BULLET.matcher(line).matches();
            if (line.startsWith("#") || !SAYS.matcher(line).matches() || isFrame(line)) {
                add(lines, open);
                open = null;
            } else if (open != null && !bullet && Character.isWhitespace(raw.charAt(0))) {
                open.append(' ').append(line);
            } else {
                add(lines, open);
                open = new StringBuilder(line);
            }
        }
        add(lines, open);
        return lines.stream().distinct().limit(MOST_LINES).toList();
    }

    private static void add(List<Line> lines, @Nullable StringBuilder whole) {
        if (whole == null) {
            return;
        }
        Matcher bullet = BULLET.matcher(whole);
        String text = bullet.matches() ? bullet.group(1) : whole.toString();
        Matcher checkbox = CHECKBOX.matcher(text);
        Matcher kind = KIND.matcher(text);
        Line line = checkbox.matches()
                ? new Line("watch_item", checkbox.group(1))
                : kind.matches() ? new Line(kind.group(1), kind.group(2)) : new Line("fact", text);
        lines.add(new Line(line.kind(), cut(line.body())));
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
        return text.substring(0, end) + "…";
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

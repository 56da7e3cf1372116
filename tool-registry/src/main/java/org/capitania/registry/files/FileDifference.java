package org.capitania.registry.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;

/** What a file held when a change of it was written down, and what it holds now, without the lines that are the same at both ends. */
final class FileDifference {
    private static final int LONGEST = 2000;

    private FileDifference() {}

    static ObjectNode of(
            FilePath path, @Nullable String before, @Nullable String beforeText, Optional<FileContent> now) {
        ObjectNode found = Json.MAPPER.createObjectNode().put("type", "file").put("title", path.toString());
        if (now.isEmpty()) {
            return found.put("gone", true);
        }
        String nowText = now.get().text().orElse(null);
        if (before == null) {
            change(found, "content", null, cut(nowText));
        } else if (beforeText == null || nowText == null) {
            change(found, "content", "SHA-256 " + before, "SHA-256 " + now.get().sha256());
        } else {
            lines(found, beforeText.lines().toList(), nowText.lines().toList());
        }
        return found;
    }

    private static void lines(ObjectNode found, List<String> before, List<String> now) {
        int least = Math.min(before.size(), now.size());
        int head = 0;
        while (head < least && before.get(head).equals(now.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < least - head && before.get(before.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
            tail++;
        }
        change(
                found,
                "from line " + (head + 1),
                cut(String.join("\n", before.subList(head, before.size() - tail))),
                cut(String.join("\n", now.subList(head, now.size() - tail))));
    }

    private static void change(ObjectNode found, String path, @Nullable String before, @Nullable String after) {
        found.putArray("changes")
                .addObject()
                .put("path", path)
                .put("before", before)
                .put("after", after);
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}

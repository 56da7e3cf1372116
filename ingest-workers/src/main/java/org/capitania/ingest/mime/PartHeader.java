package org.capitania.ingest.mime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The header of a mail or of one of its parts: the first value of each field and, of address fields, all. */
final class PartHeader {
    private static final int MAX_FIELDS = 2000;
    private static final int MAX_VALUE = 16 * 1024;
    private static final Set<String> ADDRESS_FIELDS = Set.of("from", "to", "cc", "reply-to", "sender");

    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private int count;

    void add(String lowerCaseName, String value) {
        if (count++ < MAX_FIELDS) {
            boolean list = ADDRESS_FIELDS.contains(lowerCaseName);
            fields.computeIfAbsent(lowerCaseName, n -> new ArrayList<>(1))
                    .add(list || value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE));
        }
    }

    @Nullable
    String first(String lowerCaseName) {
        List<String> values = fields.get(lowerCaseName);
        return values == null ? null : values.getFirst();
    }

    /** All values of a field that should stand once, as one list. */
    @Nullable
    String joined(String lowerCaseName) {
        List<String> values = fields.get(lowerCaseName);
        return values == null ? null : String.join(", ", values);
    }

    boolean has(String lowerCaseName) {
        return fields.containsKey(lowerCaseName);
    }

    Iterable<String> names() {
        return fields.keySet();
    }

    int size() {
        return count;
    }

    ContentHeader contentType() {
        return ContentHeader.parse(first("content-type"));
    }

    ContentHeader disposition() {
        return ContentHeader.parse(first("content-disposition"));
    }
}

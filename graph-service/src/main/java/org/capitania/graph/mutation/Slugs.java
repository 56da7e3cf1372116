package org.capitania.graph.mutation;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.types.NodeType;
import org.jspecify.annotations.Nullable;

/** Readable names: {@code contact-ana-silva}, and {@code contact-ana-silva-2} when that one is taken. */
final class Slugs {
    private static final int LONGEST = 60;
    private static final int COUNTED = 5;

    private final Found found;
    /** Somebody else took what was free a moment ago: do not race for the next number, take one nobody else can want. */
    private final boolean contended;

    private final Set<String> given = new HashSet<>();

    Slugs(Found found, boolean contended) {
        this.found = found;
        this.contended = contended;
    }

    /** What a create might be called, best first; all are asked for in the first trip. */
    static List<String> candidates(MutationOp.Create create, @Nullable NodeType type) {
        if (create.slug() != null) {
            return List.of(create.slug());
        }
        String base = base(create, type);
        List<String> all = new ArrayList<>();
        all.add(base);
        for (int i = 2; i <= COUNTED; i++) {
            all.add(base + "-" + i);
        }
        return all;
    }

    /** A free slug for a new node. */
    String choose(Draft draft, List<String> candidates) {
        for (String candidate : contended ? candidates.subList(0, 1) : candidates) {
            if (!found.taken(candidate) && given.add(candidate)) {
                return candidate;
            }
        }
        // The tail of a UUIDv7 is random.
        String id = draft.id.toString();
        String unique = candidates.getFirst() + "-" + id.substring(id.length() - 6);
        given.add(unique);
        return unique;
    }

    boolean free(String slug) {
        return !found.taken(slug) && given.add(slug);
    }

    private static String base(MutationOp.Create create, @Nullable NodeType type) {
        String prefix = create.type().replace('_', '-').toLowerCase(Locale.ROOT);
        if (type != null && create.props() != null) {
            for (String prop : type.slugProps()) {
                String words = fold(create.props().path(prop).asText());
                if (!words.isEmpty()) {
                    return prefix + "-" + words;
                }
            }
        }
        return prefix;
    }

    static String fold(String text) {
        String head = text.length() > 4 * LONGEST ? text.substring(0, 4 * LONGEST) : text;
        String plain = Normalizer.normalize(head, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        StringBuilder words = new StringBuilder(plain.length());
        boolean apart = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                words.append(apart && !words.isEmpty() ? "-" : "").append(c);
                apart = false;
            } else {
                apart |= !isMark(c);
            }
        }
        if (words.length() <= LONGEST) {
            return words.toString();
        }
        int cut = words.lastIndexOf("-", LONGEST);
        return words.substring(0, cut > LONGEST / 2 ? cut : LONGEST);
    }

    private static boolean isMark(char c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }
}

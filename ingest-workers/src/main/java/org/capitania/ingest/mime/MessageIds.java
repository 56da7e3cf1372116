package org.capitania.ingest.mime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Message identifiers in the one form that is compared: with angle brackets, without white space. */
public final class MessageIds {
    /** A thread of more mails than this is joined by its first and its last ones. */
    private static final int MAX = 100;

    private static final Pattern BRACKETED = Pattern.compile("<\\s*([^<>]{1,900}?)\\s*>");
    private static final Pattern BARE = Pattern.compile("[^\\s<>,;\"()]{1,450}@[^\\s<>,;\"()]{1,450}");

    private MessageIds() {}

    /** All ids of a References or In-Reply-To field, each once, oldest first. */
    static List<String> parse(@Nullable String header) {
        if (header == null) {
            return List.of();
        }
        Set<String> ids = new LinkedHashSet<>();
        Matcher bracketed = BRACKETED.matcher(header);
        while (bracketed.find()) {
            normal(bracketed.group(1)).ifPresent(ids::add);
        }
        if (ids.isEmpty()) {
            Matcher bare = BARE.matcher(header);
            while (bare.find()) {
                normal(bare.group()).ifPresent(ids::add);
            }
        }
        List<String> all = new ArrayList<>(ids);
        if (all.size() > MAX) {
            List<String> ends = new ArrayList<>(all.subList(0, MAX / 2));
            ends.addAll(all.subList(all.size() - MAX / 2, all.size()));
            return ends;
        }
        return all;
    }

    /** The id of a Message-ID field, also one without brackets or without an at sign. */
    static Optional<String> own(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        List<String> ids = parse(header);
        return ids.isEmpty() ? normal(header.replaceAll("[<>]", "")) : Optional.of(ids.getFirst());
    }

    /** The id of a mail that has none: the same for the same bytes. */
    static String synthesised(String sha256) {
        return "<" + sha256 + "@ingest.invalid>";
    }

    private static Optional<String> normal(@Nullable String id) {
        String clean = id == null ? "" : id.replaceAll("[\\s\\p{Cntrl}\\p{Cf}\\p{Cs}]", "");
        return clean.isEmpty() || clean.length() > 900 ? Optional.empty() : Optional.of("<" + clean + ">");
    }
}

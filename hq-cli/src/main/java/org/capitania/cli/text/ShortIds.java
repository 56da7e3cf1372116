package org.capitania.cli.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Ids a person can read out. The fleet's ids begin with the time, so their ends tell them apart: the short form is the last eight
 * digits.
 */
public final class ShortIds {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final Pattern PART = Pattern.compile("[0-9a-f-]{4,36}", Pattern.CASE_INSENSITIVE);
    private static final int LENGTH = 8;
    private static final int SHORTEST = 4;

    private ShortIds() {}

    /** The short form of an id; anything that is no UUID stays as it is. */
    public static String of(String id) {
        return isWhole(id) ? id.substring(id.length() - LENGTH) : id;
    }

    public static boolean isWhole(String id) {
        return UUID.matcher(id).matches();
    }

    /** Whether it may be the beginning or the end of one. */
    public static boolean isPart(String given) {
        return PART.matcher(given).matches();
    }

    /** The ids that a short form may mean: those that end or begin with it. */
    public static List<String> matching(String given, List<String> ids) {
        String wanted = given.toLowerCase(Locale.ROOT);
        if (wanted.length() < SHORTEST) {
            return ids.stream().filter(wanted::equals).toList();
        }
        List<String> atTheEnd =
                ids.stream().filter(id -> id.endsWith(wanted)).distinct().toList();
        return atTheEnd.isEmpty()
                ? ids.stream().filter(id -> id.startsWith(wanted)).distinct().toList()
                : atTheEnd;
    }
}

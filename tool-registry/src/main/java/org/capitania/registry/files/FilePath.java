package org.capitania.registry.files;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.freezing.VisibleText;

/**
 * A path below the company's root, in the one spelling that is taken: names joined by slashes, none of them hidden, none of them written with
 * characters that show nothing or pass for others. Anything else is a {@code cross_scope_violation}.
 *
 * @param names none for the root itself
 */
record FilePath(List<String> names) {
    static final FilePath ROOT = new FilePath(List.of());

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST = 1000;
    static final int DEEPEST = 16;
    private static final String NEVER = "\\:*?\"<>|%~";

    /** A file's path. */
    static FilePath of(String text) {
        List<String> names = List.of(text.split("/", -1));
        if (text.length() > LONGEST || names.size() > DEEPEST || !names.stream().allMatch(FilePath::plain)) {
            throw outside(text);
        }
        return new FilePath(names);
    }

    /** A directory's path, where nothing and a slash at the end are taken too. */
    static FilePath directory(String text) {
        String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return plain.isEmpty() && text.length() <= 1 && !text.equals("/") ? ROOT : of(plain);
    }

    /** Whether a name in a directory is one that can be spelled here; what is not is as if it were not there. */
    static boolean plain(String name) {
        return !name.isEmpty()
                && !name.startsWith(".")
                && !name.endsWith(" ")
                && !name.endsWith(".")
                && !name.startsWith(" ")
                && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME
                && name.codePoints().noneMatch(c -> c == '\n' || c == '\t' || c == '/' || NEVER.indexOf(c) >= 0)
                && Normalizer.isNormalized(name, Normalizer.Form.NFC)
                && Normalizer.isNormalized(name, Normalizer.Form.NFKC)
                && VisibleText.of(name).plain();
    }

    FilePath child(String name) {
        return new FilePath(Stream.concat(names.stream(), Stream.of(name)).toList());
    }

    List<String> directories() {
        return names.subList(0, names.size() - 1);
    }

    String name() {
        return names.getLast();
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }

    private static CapitaniaException outside(String text) {
        String shown = VisibleText.of(text.length() <= 100 ? text : text.substring(0, 100) + "…")
                .shown();
        return new CapitaniaException(ErrorCode.CROSS_SCOPE_VIOLATION, shown + " is no path within the company's files")
                .withHint("write plain names joined by slashes, as in outputs/briefs/aurora.md");
    }
}

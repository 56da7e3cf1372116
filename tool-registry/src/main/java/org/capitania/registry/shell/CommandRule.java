package org.capitania.registry.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one command, or one subcommand of it, may be run with.
 *
 * @param fixed put before what the caller gives, always
 * @param after put behind it, always; where it begins with {@code --}, the paths come behind that
 * @param environment beside PATH and LANG
 * @param flags arguments that stand alone
 * @param values arguments that take the next one, and what that may be
 * @param words how many operands are words; the rest are paths
 */
record CommandRule(
        @Nullable List<String> fixed,
        @Nullable List<String> after,
        @Nullable Map<String, String> environment,
        @Nullable List<String> flags,
        @Nullable Map<String, String> values,
        @Nullable Integer words,
        @Nullable String word,
        @Nullable Map<String, CommandRule> subcommands) {
    private static final int MOST = 40;
    private static final int LONGEST = 1000;

    /** How arguments were read. */
    sealed interface Reading {
        /**
         * They may be run.
         *
         * @param before what is put before them
         * @param paths those among them that name files
         */
        record Taken(List<String> before, List<String> arguments, List<String> paths) implements Reading {}

        record Refused(String argument) implements Reading {}
    }

    Reading read(List<String> arguments) {
        if (arguments.size() > MOST) {
            return new Reading.Refused("more than " + MOST + " arguments");
        }
        Optional<String> odd = arguments.stream()
                .filter(a ->
                        a.isEmpty() || a.length() > LONGEST || a.codePoints().anyMatch(c -> c < ' ' || c == 0x7F))
                .findFirst();
        if (odd.isPresent()) {
            return new Reading.Refused(odd.get());
        }
        if (subcommands == null) {
            return plain(new ArrayList<>(), arguments);
        }
        CommandRule own = arguments.isEmpty() ? null : subcommands.get(arguments.getFirst());
        return own == null
                ? new Reading.Refused(arguments.isEmpty() ? "nothing" : arguments.getFirst())
                : own.plain(new ArrayList<>(List.of(arguments.getFirst())), arguments.subList(1, arguments.size()));
    }

    private Reading plain(List<String> before, List<String> arguments) {
        List<String> paths = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int left = words == null ? 0 : words;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String value = values == null ? null : values.get(argument);
            if (value != null || argument.startsWith("-") || left > 0) {
                others.add(argument);
            }
            if (value != null) {
                i++;
                if (i == arguments.size() || !matches(value, arguments.get(i))) {
                    return new Reading.Refused(argument);
                }
                others.add(arguments.get(i));
            } else if (left > 0 && !argument.startsWith("-")) {
                left--;
                if (word == null || !matches(word, argument)) {
                    return new Reading.Refused(argument);
                }
            } else if (argument.startsWith("-")) {
                if (flags == null || flags.stream().noneMatch(flag -> matches(flag, argument))) {
                    return new Reading.Refused(argument);
                }
            } else {
                paths.add(argument);
            }
        }
        before.addAll(fixed == null ? List.of() : fixed);
        return paths.stream()
                .filter(path -> path.startsWith(":"))
                .findFirst()
                .<Reading>map(Reading.Refused::new)
                .orElseGet(() -> new Reading.Taken(before, whole(arguments, others, paths), paths));
    }

    private List<String> whole(List<String> arguments, List<String> others, List<String> paths) {
        List<String> last = after == null ? List.of() : after;
        boolean apart = !last.isEmpty() && last.getFirst().equals("--");
        List<String> whole = new ArrayList<>(apart ? others : arguments);
        if (apart) {
            // Two paths alone would be compared by git as they are, also where there is no repository.
            whole.add("--");
            whole.addAll(paths.isEmpty() ? List.of(".") : paths);
            last = last.subList(1, last.size());
        }
        whole.addAll(last);
        return whole;
    }

    private static boolean matches(String pattern, String argument) {
        return Pattern.matches(pattern, argument);
    }
}

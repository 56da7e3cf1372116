package org.capitania.supervisor.routing;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.capitania.contract.event.Event;

/** A pattern of event types: {@code *} stands for the rest of a segment, a last {@code .*} for all that follows. */
final class TypePattern {
    private final Pattern pattern;

    TypePattern(String text) {
        boolean open = text.endsWith(".*");
        String body = open ? text.substring(0, text.length() - 2) : text;
        String regex = Arrays.stream(body.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^.]*"));
        this.pattern = Pattern.compile(open ? regex + "\\..+" : regex);
    }

    /** Whether the type matches, alone or with the event's subject as a further segment ({@code task.assigned_to.operator}). */
    boolean matches(Event event) {
        return pattern.matcher(event.type()).matches()
                || (event.subject() != null
                        && pattern.matcher(event.type() + "." + event.subject()).matches());
    }
}

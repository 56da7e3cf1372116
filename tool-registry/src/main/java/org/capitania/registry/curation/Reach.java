package org.capitania.registry.curation;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.capitania.registry.reviewed.ReviewedFile;

/**
 * The reviewed file {@code reach.json}: the paths a role reads and writes, the hosts it asks and the commands it runs. It holds for every tool that has
 * an argument {@code path}, {@code url} or {@code argv}, so that a new one is within bounds from its first day. What a role's entry does not name
 * it has nothing of.
 */
@Singleton
public class Reach {
    private static final Role NOTHING = new Role(List.of(), List.of(), List.of(), List.of(), List.of());

    /**
     * The bounds of a role.
     *
     * @param reads a path that ends in a slash stands for all below it
     * @param writes likewise
     * @param not taken out of {@code writes}
     * @param hosts exact, or {@code *.example.com}; a star alone for any
     * @param commands the first word of what is run
     */
    private record Role(
            List<String> reads, List<String> writes, List<String> not, List<String> hosts, List<String> commands) {}

    private record File(String comment, Map<String, Role> roles) {}

    private final Map<String, Role> roles;

    Reach() {
        this.roles = ReviewedFile.read("reach.json", File.class).roles();
    }

    /** Those of a project agent stand in the file once, with {@code {project}} for the name of the one it works in. */
    private Role bounds(String role) {
        String prefix = "project:";
        if (!role.startsWith(prefix)) {
            return roles.getOrDefault(role, NOTHING);
        }
        Role any = roles.getOrDefault("project", NOTHING);
        UnaryOperator<List<String>> own = paths -> paths.stream()
                .map(path -> path.replace("{project}", role.substring(prefix.length())))
                .toList();
        return new Role(
                own.apply(any.reads()), own.apply(any.writes()), own.apply(any.not()), any.hosts(), any.commands());
    }

    /** What of a call's arguments is out of the role's bounds; empty when nothing is. */
    public Optional<String> objection(String role, boolean changes, JsonNode arguments) {
        Role own = bounds(role);
        Stream<Optional<String>> objections = Stream.of(
                path(role, own, changes, arguments.path("path")),
                path(role, own, changes, arguments.path("to_path")),
                host(role, own, arguments.path("url")),
                command(role, own, arguments.path("argv")));
        return objections.flatMap(Optional::stream).findFirst();
    }

    /** Whether a role reads a file. */
    public boolean reads(String role, String path) {
        return plain(path) && bounds(role).reads().stream().anyMatch(prefix -> under(prefix, path));
    }

    /** Whether a role reads anything in a directory or below it; nothing stands for the root. */
    public boolean readsBelow(String role, String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        return bounds(role).reads().stream()
                .anyMatch(read -> read.startsWith(prefix) || (read.endsWith("/") && prefix.startsWith(read)));
    }

    /** Whether a role asks the host of an address. */
    public boolean asks(String role, String url) {
        return asks(bounds(role), url);
    }

    private static Optional<String> path(String role, Role own, boolean changes, JsonNode argument) {
        if (!argument.isTextual()) {
            return Optional.empty();
        }
        String path = argument.asText();
        List<String> open = changes ? own.writes() : own.reads();
        boolean inside = plain(path)
                && open.stream().anyMatch(prefix -> under(prefix, path))
                && (!changes || own.not().stream().noneMatch(prefix -> under(prefix, path)));
        return inside
                ? Optional.empty()
                : Optional.of(
                        role + " does not " + (changes ? "write to " : "read ") + shown(path) + ", only below " + open);
    }

    private static boolean plain(String path) {
        return !path.isEmpty()
                && !path.startsWith("/")
                && !path.startsWith("~")
                && path.codePoints().noneMatch(c -> c < ' ' || c == '\\' || c == '%' || c == ':' || c == 0x7F)
                && Stream.of(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    private static boolean under(String prefix, String path) {
        return prefix.endsWith("/") ? path.startsWith(prefix) && path.length() > prefix.length() : path.equals(prefix);
    }

    private static Optional<String> host(String role, Role own, JsonNode argument) {
        if (!argument.isTextual()) {
            return Optional.empty();
        }
        return asks(own, argument.asText())
                ? Optional.empty()
                : Optional.of(role + " does not ask " + shown(argument.asText()));
    }

    private static boolean asks(Role own, String url) {
        return hostOf(url)
                .filter(host -> own.hosts().stream()
                        .anyMatch(allowed -> allowed.equals("*")
                                || allowed.equals(host)
                                || (allowed.startsWith("*.") && host.endsWith(allowed.substring(1)))))
                .isPresent();
    }

    private static Optional<String> hostOf(String url) {
        try {
            URI uri = URI.create(url);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getUserInfo() == null
                    ? Optional.ofNullable(uri.getHost()).map(host -> host.toLowerCase(Locale.ROOT))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> command(String role, Role own, JsonNode argument) {
        if (argument.isMissingNode()) {
            return Optional.empty();
        }
        String first = argument.path(0).asText("");
        return own.commands().contains(first)
                ? Optional.empty()
                : Optional.of(role + " does not run " + shown(first) + ", only " + own.commands());
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}

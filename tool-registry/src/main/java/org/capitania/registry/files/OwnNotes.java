package org.capitania.registry.files;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** What an agent keeps in files of its own among the company's, as it stands now. */
@ApplicationScoped
public class OwnNotes {
    /** Every session of the agent pays for them: 900 and 1,200 tokens (section 16.2 of the seeds), at four bytes a token. */
    private static final List<Kept> ALL =
            List.of(new Kept("personality.md", 3600), new Kept("MEMORY.md", OwnNotes.MEMORY));

    /** How long MEMORY.md of an agent may be, in bytes: far below the 25 KB that would be read of it. */
    public static final int MEMORY = 4_800;

    /** Of all agents, made from the graph. */
    public static final String VENTURES = "agents/_shared/ventures-index.md";

    /** The same of deals. */
    public static final String CUSTOMERS = "agents/_shared/customers-index.md";

    /** How long either may be, in bytes: 600 tokens (section 16.2 of the seeds). */
    public static final int INDEX = 2_400;

    private static final Pattern OWN = Pattern.compile("agents/[^/]+/([^/]+)");

    private final Sql sql;
    private final FileBook book;
    private final Workspaces workspaces;

    OwnNotes(Sql sql, FileBook book, Workspaces workspaces) {
        this.sql = sql;
        this.book = book;
        this.workspaces = workspaces;
    }

    /** @param most in bytes */
    private record Kept(String name, int most) {}

    /**
     * One of these files.
     *
     * @param tainted whether it derives from outside, or somebody else than the gateway wrote it
     */
    public record Note(String path, String text, boolean tainted) {}

    /** Refuses a text that would be too long for what every session of an agent begins with. */
    static void requireShort(FilePath path, int bytes) {
        Matcher own = OWN.matcher(path.toString());
        if (own.matches()) {
            ALL.stream()
                    .filter(kept -> kept.name().equals(own.group(1)) && bytes > kept.most())
                    .findFirst()
                    .ifPresent(kept -> {
                        throw new CapitaniaException(
                                        ErrorCode.PAYLOAD_TOO_LARGE,
                                        path + " would have " + bytes + " bytes; it may have " + kept.most()
                                                + ", about " + kept.most() / 4 + " tokens")
                                .withHint("every session begins with it: take out what is over, or keep it elsewhere");
                    });
        }
    }

    /** Those a role has, after those of all roles; one that cannot be read keeps no session from beginning. */
    public List<Note> of(Scope scope, String role) {
        return Stream.concat(
                        Stream.of(VENTURES, CUSTOMERS).map(name -> at(scope, name, INDEX)),
                        ALL.stream().map(kept -> at(scope, "agents/" + role + "/" + kept.name(), kept.most())))
                .flatMap(Optional::stream)
                .toList();
    }

    /** A file that stands in a prompt; empty when there is none with text. */
    public Optional<Note> at(Scope scope, String name, int most) {
        FilePath path = FilePath.of(name);
        Optional<FileContent> content = content(scope, path);
        String text = content.flatMap(FileContent::text).orElse("").strip();
        int size = content.map(FileContent::size).orElse(0);
        if (size > most) {
            // Nobody wrote it through the gateway, which takes no more. What it says is not shown in part.
            return Optional.of(new Note(name, tooLong(size, most), false));
        }
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean trusted = sql.read(scope, tx -> book.trusts(tx, path, content.orElseThrow()));
        return Optional.of(new Note(name, text, !trusted));
    }

    private Optional<FileContent> content(Scope scope, FilePath path) {
        try {
            return workspaces.read(scope.tenant(), workspace -> workspace.read(path));
        } catch (CapitaniaException e) {
            Log.warnf("an agent's own file cannot be read tenant=%s path=%s why=%s", scope.tenant(), path, e.detail());
            return Optional.empty();
        }
    }

    private static String tooLong(int size, int most) {
        return "It is not shown: it has " + size + " bytes, and may have " + most + ". Shorten it.";
    }
}
